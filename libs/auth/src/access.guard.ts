import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Log } from '#kernel';
import { ACCESS, type Access, type Authenticated } from './access.decorators.ts';
import { Forbidden, Unauthorized } from './auth.errors.ts';
import type { AuthCounters, Authenticator } from './authenticator.ts';

/** Closed unless a route says otherwise. */
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly counters: AuthCounters,
    private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === 'public') return true;

    const request = context.switchToHttp().getRequest<Authenticated>();
    const token = /^Bearer ([^\s]+)$/i.exec(String(request.headers.authorization ?? ''))?.[1];
    if (!token) throw new Unauthorized();
    const principal = await this.authenticator.principal(token);
    if (!access || !principal.permissions.has(access)) {
      this.counters.denied();
      this.log.warn(
        { event_type: 'authorization', result: 'denied', actor: principal.id, action: access ?? 'undeclared' },
        'access denied',
      );
      throw new Forbidden(access ?? 'of a route that declares none');
    }
    request.principal = principal;
    return true;
  }
}
