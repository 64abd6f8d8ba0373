import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseTraceparent, type Span, type Tracer } from '#tracing';

/** Probes and pages of the documentation would be most of the spans, and say nothing. */
const QUIET = /^\/(health|docs)/;

/** Makes each request a span, under that of the caller when it says which. To be added before every other hook. */
export function traceRequests(fastify: FastifyInstance, tracer: Tracer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const path = request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
    if (QUIET.test(path)) return done();
    const { method } = request;
    const span = tracer.begin(`${method} ${path}`, {
      kind: 'server',
      parent: parseTraceparent(request.headers['traceparent']),
      attributes: { 'http.request.method': method, 'http.route': path, 'vault.request_id': request.id },
    });
    spans.set(request, span);
    reply.raw.once('close', () => {
      const status = reply.raw.writableFinished ? reply.statusCode : 499;
      span.attributes['http.response.status_code'] = status;
      tracer.end(span, status >= 500);
    });
    tracer.within(span, done);
  });
  // Reading a body continues in the socket's own context: enter ours again before the handler.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) tracer.within(span, done);
    else done();
  });
}
