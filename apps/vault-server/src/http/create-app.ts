import { NestFactory } from '@nestjs/core';
import { StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from '#health';
import { HttpMetrics } from '#metrics';
import { AppModule, type AppParts } from '../app.module.ts';
import { NestLog } from '../logging/nest.log.ts';
import { serveDocs } from './docs.ts';
import { addHooks, requestIdOf } from './hooks.ts';
import { parseJsonBody } from './json-body.ts';
import { ProblemFilter } from './problem.filter.ts';
import { validationPipe } from './validation.pipe.ts';

/** Longer than proxies keep an idle connection, so that it is never closed under a request they have just sent. */
const KEEP_ALIVE_MS = 75_000;
const OUTSIDE_THE_API = ['health', 'health/{*rest}', 'problems/{*rest}'];

/** The application with everything around it, not listening yet. */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  const { settings, log } = parts;
  const adapter = new FastifyAdapter({
    bodyLimit: settings.max_body_size,
    genReqId: requestIdOf,
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
  addHooks(fastify, { log, metrics: app.get(HttpMetrics), readiness: app.get(Readiness) });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }));
    }
  });
  // Handed over unread: what reads it is who knows how much it can take.
  fastify.addContentTypeParser('application/x-ndjson', (_request, body, done) => done(null, body));

  app.setGlobalPrefix('api/v1', { exclude: OUTSIDE_THE_API });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalInterceptors(new StandardSchemaSerializerInterceptor(app.get(Reflector)));
  serveDocs(app);
  return app;
}
