import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '#kernel';
import type { About } from './access/gatekeeper.ts';
import type { Permission, Viewable } from './permissions.ts';

/** Where a route's access is kept; the guard refuses a route that has none. */
export const ACCESS = 'vault:access';

export interface Permitted {
  permission: Permission;
  /** Undefined: the dataset in the address, or else what the permission is about. */
  about?: Exclude<About, object>;
  /** The same, where `?view=` may name a view that records are read through. */
  viewable?: Viewable;
}

export type Access = Permitted | 'public';

/**
 * The one permission a caller needs for this route. A route that names a dataset is about that one; one that names
 * none is about all datasets, and so not for a caller who may have only some of them. Where it looks at each dataset
 * itself, or touches none that is there already, it says so.
 */
export const Permit = (permission: Permission, about?: Permitted['about']): MethodDecorator =>
  SetMetadata(ACCESS, { permission, about } satisfies Permitted);

/**
 * The same for a route that gives records as the view in `?view=` shows them, where one is named: then it is open too for who
 * may read through that view alone. The route must give nothing else.
 */
export const PermitThroughViews = (permission: Viewable): MethodDecorator =>
  SetMetadata(ACCESS, { permission, viewable: permission } satisfies Permitted);

/** A route for everyone: said out loud, never by leaving something out. */
export const Public = (): MethodDecorator => SetMetadata(ACCESS, 'public');

export interface Authenticated {
  headers: Record<string, string | string[] | undefined>;
  method?: string;
  params?: Record<string, string>;
  query?: Record<string, unknown>;
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
