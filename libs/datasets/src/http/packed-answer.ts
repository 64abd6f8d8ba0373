import { pipeline, type Readable } from 'node:stream';
import { constants, createGzip, createZstdCompress } from 'node:zlib';

/** The stream as the asker takes it; the best first. An error of the source breaks what comes out, too. */
export function packed(source: Readable, accepted: string | undefined): { stream: Readable; encoding: string | null } {
  const names = accepts(accepted ?? '');
  if (names.has('zstd')) return { stream: pipeline(source, createZstdCompress(), () => undefined), encoding: 'zstd' };
  // Of gzip the fastest: a dataset is more than a page.
  const level = constants.Z_BEST_SPEED;
  if (names.has('gzip')) return { stream: pipeline(source, createGzip({ level }), () => undefined), encoding: 'gzip' };
  return { stream: source, encoding: null };
}

/** What `Accept-Encoding` names (RFC 9110, 12.5.3), without what it refuses. */
function accepts(header: string): Set<string> {
  const parts = header.split(',').map((part) => part.toLowerCase().replaceAll(/\s/g, '').split(';'));
  return new Set(parts.filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? '')).map(([name]) => name!));
}
