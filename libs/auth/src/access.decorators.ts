import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '#kernel';
import type { Permission } from './permissions.ts';

/** Where a route's access is kept; the guard refuses a route that has none. */
export const ACCESS = 'vault:access';

export type Access = Permission | 'public';

/** The one permission a caller needs for this route. */
export const Permit = (permission: Permission): MethodDecorator => SetMetadata(ACCESS, permission);

/** A route for everyone: said out loud, never by leaving something out. */
export const Public = (): MethodDecorator => SetMetadata(ACCESS, 'public');

export interface Authenticated {
  headers: Record<string, string | string[] | undefined>;
  method?: string;
  params?: Record<string, string>;
  routeOptions?: { url?: string };
  principal?: Principal;
}

/** The signed-in caller. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<Authenticated>();
  if (!principal) throw new Error('a public route has no caller');
  return principal;
});
