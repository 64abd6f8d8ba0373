import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { MaintenanceInForce } from './maintenance.errors.ts';
import type { MaintenanceMode } from './maintenance.mode.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Nobody knows how long it takes; this is about how often asking again makes sense. */
const RETRY_SECONDS = 30;

interface Asked {
  method: string;
  routeOptions?: { url?: string };
}

/** Refuses what would change something, on any route that is not among the exceptions. */
export class MaintenanceGuard implements CanActivate {
  private readonly mode: MaintenanceMode;
  private readonly exceptions: ReadonlySet<string>;

  /** @param exceptions methods and templates of routes, such as `POST /api/v1/auth/login` */
  constructor(mode: MaintenanceMode, exceptions: readonly string[]) {
    this.mode = mode;
    this.exceptions = new Set(exceptions);
  }

  canActivate(context: ExecutionContext): boolean {
    if (!this.mode.isOn) return true;
    const { method, routeOptions } = context.switchToHttp().getRequest<Asked>();
    if (READS.has(method) || this.exceptions.has(`${method} ${routeOptions?.url ?? ''}`)) return true;
    throw new MaintenanceInForce().with({ retryAfter: RETRY_SECONDS });
  }
}
