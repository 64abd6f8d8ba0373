import type { Readable } from 'node:stream';

/** Whether a body was handed over unread, as those of files are. */
export function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}
