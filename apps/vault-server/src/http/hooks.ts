import { MalformedRequest } from './problem.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readiness } from '#health';
import { type Log, newId, type Principal, type RequestContext, runInContext, showId } from '#kernel';
import type { HttpMetrics } from '#metrics';
import type { RateLimitGuard } from '#throttling';

/** Ids from outside are taken over when they cannot do harm in a log or a header. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
const UNMATCHED = 'unmatched';
const QUIET = /^\/(health|docs)/;

export function requestIdOf({ headers }: { headers: Record<string, string | string[] | undefined> }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
}

export interface HookParts {
  log: Log;
  metrics: HttpMetrics;
  readiness: Readiness;
  limits: RateLimitGuard;
}

/** What happens around every request, whatever it asks for. */
export function addHooks(fastify: FastifyInstance, parts: HookParts): void {
  const { metrics, readiness, limits } = parts;
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id });
    const ended = metrics.begin();
    // Fires for answered and for abandoned requests alike, once.
    reply.raw.once('close', () => finish(parts, request, reply, ended));
    // Two hosts are two opinions on where a request goes, one for a proxy and one for us (RFC 9112, 3.2).
    if (hostsOf(request) > 1) return done(new MalformedRequest());
    runInContext(contextOf(request), done);
  });
  // Reading a body continues in the socket's own context: enter ours again before the handler.
  fastify.addHook('preHandler', (request, _reply, done) => {
    runInContext(contextOf(request), done);
  });

  // Addresses that lead nowhere have no guard: whoever tries them all is to be counted too.
  fastify.addHook('preHandler', (request, reply, done) => {
    if (!request.is404) return done();
    limits.unmatched(request, (headers) => void reply.headers(headers)).then(() => done(), done);
  });

  // A connection that stayed open would keep the server from ending, and its client from finding another one.
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (readiness.isDraining) void reply.header('connection', 'close');
    done(null, payload);
  });
}

/** Why somebody asks is a word, which conditions compare; anything else says nothing. */
const PURPOSE = /^[a-z][a-z0-9-]{0,62}$/;

function contextOf({ id, ip, headers }: FastifyRequest): RequestContext {
  const purpose = headers['x-purpose'];
  return { requestId: id, ip, ...(typeof purpose === 'string' && PURPOSE.test(purpose) && { purpose }) };
}

function finish(
  { log }: HookParts,
  request: FastifyRequest,
  reply: FastifyReply,
  ended: ReturnType<HttpMetrics['begin']>,
): void {
  const { method } = request;
  const path = routeOf(request);
  // 499, as proxies call it: the caller went away before the answer was out.
  const status = reply.raw.writableFinished ? reply.statusCode : 499;
  ended(method, path, status);
  const { principal } = request as { principal?: Principal };
  const fields = {
    event_type: 'http',
    method,
    path,
    status,
    ms: Math.round(reply.elapsedTime),
    actor: principal && showId('usr', principal.id),
    request_id: request.id,
  };
  if (QUIET.test(path)) log.debug(fields, 'request');
  else log.info(fields, 'request');
}

/** Node keeps the first of several `Host` headers, and says nothing. */
function hostsOf({ raw }: FastifyRequest): number {
  return raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length;
}

/** The route's template; an address that leads nowhere is whatever somebody typed. */
function routeOf(request: FastifyRequest): string {
  return request.is404 ? UNMATCHED : (request.routeOptions.url ?? UNMATCHED);
}

const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
