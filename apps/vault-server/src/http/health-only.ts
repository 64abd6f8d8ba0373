import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RouteNotFound } from './problem.ts';

/** Leaves nothing of the API but the health checks. */
export function healthOnly(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      done(/^\/health(\/|\?|$)/.test(request.url) ? undefined : new RouteNotFound());
    });
}
