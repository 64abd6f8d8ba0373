import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { parseId, type Principal } from '#kernel';
import { ACCESS, type Access, type Authenticated, credentialOf } from './access.decorators.ts';
import { Forbidden, Unauthorized } from './auth.errors.ts';
import type { Authenticator } from './authenticator.ts';

const SHOWN_ID = /^[a-z]{2,5}_[0-9a-hjkmnp-tv-z]{26}$/;
/** What a credential that is bound to datasets may do without naming one of them: it touches none. */
const WITHOUT_DATASET: readonly Access[] = ['account:read', 'pii:detect'];

/** Closed unless a route says otherwise. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === 'public') return true;

    const request = context.switchToHttp().getRequest<Authenticated>();
    const credential = credentialOf(request.headers);
    if (!credential) throw new Unauthorized();
    const principal = await this.authenticator.principal(credential);
    if (!access || !principal.permissions.has(access)) {
      await this.authenticator.deny(principal, access ?? 'undeclared', resourceOf(request));
      throw new Forbidden(access ?? 'of a route that declares none');
    }
    if (!isInReach(principal, access, request)) {
      const reason = 'the API key is for other datasets';
      await this.authenticator.deny(principal, access, resourceOf(request), reason);
      throw new Forbidden(`${access} on a dataset that this API key is for`);
    }
    request.principal = principal;
    return true;
  }
}

/** Whether the route names a dataset that the credential is for, or has nothing to do with any. */
function isInReach({ datasetIds }: Principal, access: Access, { params }: Authenticated): boolean {
  if (!datasetIds || WITHOUT_DATASET.includes(access)) return true;
  const named = Object.values(params ?? {}).map((value) => parseId('ds', value));
  return named.some((id) => id !== null && datasetIds.has(id));
}

/** What was reached for: the id in the address, or else the route's template. Never what somebody typed. */
function resourceOf({ params, method, routeOptions }: Authenticated): string {
  const id = Object.values(params ?? {}).find((value) => SHOWN_ID.test(value));
  return id ?? `${method ?? ''} ${routeOptions?.url ?? ''}`.trim();
}
