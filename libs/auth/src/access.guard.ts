import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { parseId, type Principal } from '#kernel';
import type { About, Gatekeeper } from './access/gatekeeper.ts';
import { ACCESS, type Access, type Authenticated, credentialOf, type Permitted } from './access.decorators.ts';
import { Unauthorized } from './auth.errors.ts';
import type { Authenticator } from './authenticator.ts';
import { isAboutDatasets } from './permissions.ts';

const SHOWN_ID = /^[a-z]{2,5}_[0-9a-hjkmnp-tv-z]{26}$/;
const UNDECLARED = { allowed: false, by: null, policy: 'default', reason: 'the route declares no permission' };

/** Closed unless a route says otherwise. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly gatekeeper: Gatekeeper,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === 'public') return true;

    const request = context.switchToHttp().getRequest<Authenticated>();
    const credential = credentialOf(request.headers);
    if (!credential) throw new Unauthorized();
    const caller = await this.authenticator.principal(credential);
    const resource = resourceOf(request);
    if (!access) return this.gatekeeper.refuse(caller, 'undeclared', resource, UNDECLARED);
    for (const about of aboutOf(access, request)) {
      await this.demand(caller, access, about, resource, request.query);
    }
    request.principal = caller;
    return true;
  }

  private demand(
    caller: Principal,
    { permission, viewable }: Permitted,
    about: About,
    resource: string,
    query: Authenticated['query'],
  ): Promise<void> {
    if (!viewable) return this.gatekeeper.demand(caller, permission, about, resource);
    // What is no single name is refused by the route, and counts as none here.
    const view = typeof query?.['view'] === 'string' ? query['view'] : undefined;
    return this.gatekeeper.demandThrough(view, caller, viewable, { about, resource });
  }
}

/** What a route is about: each dataset in its address, or else what it says itself. */
function aboutOf({ permission, about }: Permitted, { params }: Authenticated): About[] {
  const named = Object.values(params ?? {}).flatMap((value) => parseId('ds', value) ?? []);
  if (isAboutDatasets(permission) && named.length > 0) return named.map((dataset) => ({ dataset }));
  return [about ?? (isAboutDatasets(permission) ? 'all' : 'none')];
}

/** What was reached for: the id in the address, or else the route's template. Never what somebody typed. */
function resourceOf({ params, method, routeOptions }: Authenticated): string {
  const id = Object.values(params ?? {}).find((value) => SHOWN_ID.test(value));
  return id ?? `${method ?? ''} ${routeOptions?.url ?? ''}`.trim();
}
