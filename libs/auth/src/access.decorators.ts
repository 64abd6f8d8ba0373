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

type Headers = Record<string, string | string[] | undefined>;

/** The access token or API key a request carries; null when there is none, or more than one. */
export function credentialOf({ authorization, 'x-api-key': apiKey }: Headers): string | null {
  const key = apiKey === undefined ? undefined : /^ldv_\w{1,100}$/.exec(String(apiKey))?.[0];
  if (authorization === undefined) return key ?? null;
  // Two of them may be of two people, and whichever was taken would be wrong for somebody.
  if (apiKey !== undefined) return null;
  return /^Bearer ([^\s]+)$/i.exec(String(authorization))?.[1] ?? null;
}
