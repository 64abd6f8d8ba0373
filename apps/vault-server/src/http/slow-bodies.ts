import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { FILE_TYPES } from '#datasets';

/** How often the bodies under way are looked at. */
const LOOK_MS = 5_000;
/** Over so long a body must bring at least a kilobyte a second (a slow radio link brings ten). */
const WINDOW_MS = 30_000;
const LEAST_BYTES = 30 * 1024;

interface Watched {
  message: IncomingMessage;
  since: number;
  bytes: number;
  /** When it must be here whole; imports take as long as they need. */
  deadline: number;
}

/**
 * Ends requests whose bodies come in too slowly to be meant: each holds a connection, and a few thousand of them a
 * server. A body that waits for us, because the database or the store is slow, is not slow itself.
 */
export function endSlowBodies(fastify: FastifyInstance, wholeWithinMs: number): void {
  const watched = new Set<Watched>();
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const now = Date.now();
    const type = request.headers['content-type'];
    const streamed = FILE_TYPES.some((each) => type?.startsWith(each));
    const deadline = streamed ? Infinity : now + wholeWithinMs;
    const entry = { message: request.raw, since: now, bytes: request.raw.socket.bytesRead, deadline };
    if (!request.raw.complete) watched.add(entry);
    request.raw.once('close', () => watched.delete(entry));
    done(null, payload);
  });
  const timer = setInterval(() => {
    for (const entry of watched) if (entry.message.complete || isTooSlow(entry)) watched.delete(entry);
  }, LOOK_MS);
  timer.unref();
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(timer);
    done();
  });
}

function isTooSlow(entry: Watched): boolean {
  const { message } = entry;
  const now = Date.now();
  const late = now > entry.deadline;
  if (!late && now - entry.since < WINDOW_MS) return false;
  const waitsForUs = message.readableLength > 0;
  const came = message.socket.bytesRead - entry.bytes;
  if (!late && (waitsForUs || came >= LEAST_BYTES)) {
    Object.assign(entry, { since: now, bytes: message.socket.bytesRead });
    return false;
  }
  message.destroy();
  return true;
}
