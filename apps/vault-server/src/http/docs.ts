import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { openApiDocument } from './openapi.ts';

/** Swagger UI brings its own scripts and styles; everywhere else the browser may load nothing. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** `/docs` is the admin console, `/docs-json` the OpenAPI document behind it. */
export function serveDocs(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (request.url.startsWith('/docs')) void reply.header('content-security-policy', PAGE_POLICY);
      done();
    });
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'LLM Data Vault',
    // The page shows only what is in view of so many operations, so that a browser's own search misses the rest: the
    // filter by tag and addresses of single operations stand in for it.
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      filter: true,
      deepLinking: true,
    },
  });
}
