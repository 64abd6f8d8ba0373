import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { ACCESS, type Access, type Authenticated } from './access.decorators.ts';
import { Forbidden, Unauthorized } from './auth.errors.ts';
import type { Authenticator } from './authenticator.ts';

const SHOWN_ID = /^[a-z]{2,5}_[0-9a-hjkmnp-tv-z]{26}$/;

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
    const token = /^Bearer ([^\s]+)$/i.exec(String(request.headers.authorization ?? ''))?.[1];
    if (!token) throw new Unauthorized();
    const principal = await this.authenticator.principal(token);
    if (!access || !principal.permissions.has(access)) {
      await this.authenticator.deny(principal, access ?? 'undeclared', resourceOf(request));
      throw new Forbidden(access ?? 'of a route that declares none');
    }
    request.principal = principal;
    return true;
  }
}

/** What was reached for: the id in the address, or else the route's template. Never what somebody typed. */
function resourceOf({ params, method, routeOptions }: Authenticated): string {
  const id = Object.values(params ?? {}).find((value) => SHOWN_ID.test(value));
  return id ?? `${method ?? ''} ${routeOptions?.url ?? ''}`.trim();
}
