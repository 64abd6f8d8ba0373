import { createHash } from 'node:crypto';
import { keyIdOf } from '#audit-chain';
import type { Signer } from '#crypto';

/** Everything that decides what an export holds, and what it held: enough to know it again anywhere. */
export interface ExportManifest {
  tenant: string;
  dataset: string;
  commit: string;
  /** As they were asked for, without what names the commit. */
  options: Record<string, unknown>;
  records: number;
  /** Records that do not fit the template, and were left out. */
  skipped: number;
  bytes: number;
  /** Of the bytes before any Content-Encoding, in hexadecimal. */
  sha256: string;
}

export interface SignedManifest extends ExportManifest {
  version: 1;
  key: string;
  signature: string;
}

/** Both how it is signed and which bytes the formats come to: another number whenever either changes. */
const VERSION = 1;

/** What the signature is over: these lines in UTF-8, each with a line feed. */
export function signedBytes(manifest: ExportManifest): Uint8Array {
  const { tenant, dataset, commit, options, records, skipped, bytes, sha256 } = manifest;
  const lines = [`ldv-export-manifest/${VERSION}`, tenant, dataset, commit, sorted(options)];
  return Buffer.from([...lines, records, skipped, bytes, sha256, ''].join('\n'));
}

export function signManifest(manifest: ExportManifest, signer: Signer): SignedManifest {
  const signature = signer.sign(signedBytes(manifest));
  return { version: VERSION, ...manifest, key: keyIdOf(signer.publicKey), signature };
}

/** JSON without spaces, the members of every object in the order of their names. */
function sorted(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${sorted(each)}`).join(',')}}`;
}

/** Adds up what goes by. */
export async function measure(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; lines: number; sha256: string }> {
  const hash = createHash('sha256');
  let [bytes, lines] = [0, 0];
  for await (const chunk of stream) {
    hash.update(chunk);
    bytes += chunk.length;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines += 1;
  }
  return { bytes, lines, sha256: hash.digest('hex') };
}
