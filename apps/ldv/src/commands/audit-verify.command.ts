import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type BundleReport, type FlawKind, PublicKeys, verifyBundle } from '#audit-chain';

const GZIP = [0x1f, 0x8b];
const NOT_WHOLE = 1;
const NOT_CHECKED = 2;

/** Checks a bundle against public keys that were had before. Asks no server, and trusts nothing in the file itself. */
export async function verifyAudit(file: string, { key, json }: { key: string; json: boolean }): Promise<number> {
  const keys = PublicKeys.fromText(await readFile(key, 'utf8'));
  if (keys.ids.length === 0) {
    console.error(`There is no Ed25519 public key in ${key}.`);
    return NOT_CHECKED;
  }
  const report = await verifyBundle(unpacked(file === '-' ? process.stdin : createReadStream(file)), keys);
  console.log(json ? JSON.stringify(wire(report)) : asText(report));
  return report.ok ? 0 : NOT_WHOLE;
}

/** A gzip file is opened on the way. One that was cut or damaged gives what can be had of it, and then ends. */
async function* unpacked(source: Readable): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await pieces.next();
  if (first.done) return;
  const rest = (async function* () {
    yield first.value;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  })();
  if (!GZIP.every((byte, i) => first.value[i] === byte)) return yield* rest;
  try {
    yield* pipeline(Readable.from(rest), createGunzip(), () => undefined);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
  }
}

const WORDS: Record<FlawKind, string> = {
  edited: 'is not what was sealed',
  missing: 'is missing',
  doubled: 'is there twice',
  reordered: 'is out of its order',
  malformed: 'cannot be read: the line was changed or cut',
  truncated: 'and what follows is missing: the end was cut off',
  checkpoint: 'is not vouched for: a checkpoint contradicts the entries before it',
  signature: 'is not vouched for: a signature before it is wrong',
  'unknown-key': 'is not vouched for: what comes before it is signed with another key than those given',
  mac: 'was not sealed by the vault',
  unsealed: 'is not sealed',
  anchor: 'is not vouched for: the object storage remembers another checkpoint',
};

function asText(report: BundleReport): string {
  if (!report.ok) {
    const { kind, seq } = report.flaw;
    return seq === null
      ? 'NOT WHOLE: the first line is not the head of a bundle'
      : `NOT WHOLE: entry ${seq} ${WORDS[kind]}`;
  }
  const { tenant, first, last, checkpoints, at, key } = report.end;
  const entries = last < first ? 'no entries' : `entries ${first} to ${last}`;
  return `whole: ${entries} of ${tenant}, ${checkpoints} checkpoints, signed ${at} with ${key}`;
}

function wire(report: BundleReport): object {
  if (!report.ok)
    return { ok: false, tenant: report.tenant, first_bad_seq: report.flaw.seq, problem: report.flaw.kind };
  return { ok: true, ...report.end };
}
