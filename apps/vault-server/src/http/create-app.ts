import { NestFactory } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { FILE_TYPES, JSON_FILE } from '#datasets';
import { Readiness } from '#health';
import { Idempotency } from '#idempotency';
import type { FastifyInstance } from 'fastify';
import { HttpMetrics } from '#metrics';
import { RateLimitGuard } from '#throttling';
import { AppModule, type AppParts } from '../app.module.ts';
import { NestLog } from '../logging/nest.log.ts';
import { serveDocs } from './docs.ts';
import { addHooks, requestIdOf } from './hooks.ts';
import { traceRequests } from '../tracing/trace-requests.ts';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { parseJsonBody } from './json-body.ts';
import { endSlowBodies } from './slow-bodies.ts';
import { UnsupportedContentType } from './problem.ts';
import { ProblemFilter } from './problem.filter.ts';
import { validationPipe } from './validation.pipe.ts';

/** Longer than proxies keep an idle connection, so that it is never closed under a request they have just sent. */
const KEEP_ALIVE_MS = 75_000;
/** Tokens are sent in a header, so no cookies: a page of another origin gets nothing without one of its own. */
const CORS = {
  credentials: false,
  allowedHeaders: ['authorization', 'content-type', 'x-api-key', 'x-request-id', 'if-match', 'idempotency-key'],
  exposedHeaders: ['etag', 'x-request-id', 'retry-after', 'x-vault-commit', 'x-vault-records', 'x-vault-skipped'],
  maxAge: 600,
};
const OUTSIDE_THE_API = ['health', 'health/{*rest}', 'problems/{*rest}', '.well-known/{*rest}'];

/** The application with everything around it, not listening yet. */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  const { loaded, log } = parts;
  const { settings } = loaded;
  const adapter = new FastifyAdapter({
    bodyLimit: settings.max_body_size,
    genReqId: requestIdOf,
    // Whoever may set the header may choose which address a limit counts against.
    trustProxy: settings.trusted_proxies.length > 0 ? [...settings.trusted_proxies] : false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // An import may take hours; a body that stalls is ended by its reader.
    requestTimeout: 0,
    return503OnClosing: false,
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(parts), adapter, {
    logger: new NestLog(log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance();
  const [metrics, readiness, limits] = [app.get(HttpMetrics), app.get(Readiness), app.get(RateLimitGuard)];
  if (parts.platform.tracing) traceRequests(fastify, parts.platform.tracing.tracer);
  addHooks(fastify, { log, metrics, readiness, limits });
  acceptBodies(fastify);
  endSlowBodies(fastify, settings.request_timeout_seconds * 1000);
  if (settings.cors_origins.length > 0) app.enableCors({ origin: [...settings.cors_origins], ...CORS });

  app.setGlobalPrefix('api/v1', { exclude: OUTSIDE_THE_API });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalInterceptors(
    new IdempotencyInterceptor(app.get(Idempotency), new StandardSchemaSerializerInterceptor(app.get(Reflector))),
  );
  serveDocs(app);
  return app;
}

/** JSON, and what is to be merged into JSON (RFC 7396). */
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];
const FORM = { parseAs: 'string', bodyLimit: 65_536 } as const;

/** JSON, checked; and files, handed over unread: what reads them is who knows how much it can take. */
function acceptBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }));
    }
  });
  // OAuth clients send a form to the one route that is theirs; everything else here speaks JSON.
  fastify.addContentTypeParser<string>('application/x-www-form-urlencoded', FORM, (request, body, done) => {
    const error = request.routeOptions.url === '/api/v1/auth/token' ? null : new UnsupportedContentType();
    done(error, Object.fromEntries(new URLSearchParams(body)));
  });
  // The one route on which JSON is a file: by its own name the parser above would take it, and all of it at once.
  fastify.addHook('onRequest', (request, _reply, done) => {
    const isFile = request.routeOptions.url === '/api/v1/datasets/:id/imports';
    const { headers } = request.raw;
    if (isFile && headers['content-type']?.toLowerCase().startsWith('application/json'))
      headers['content-type'] = JSON_FILE;
    done();
  });
  fastify.addContentTypeParser([...FILE_TYPES], (_request, body, done) => done(null, body));
}
