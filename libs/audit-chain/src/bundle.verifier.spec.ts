import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import {
  type BundleEnd,
  bundleEndLine,
  bundleHeaderLine,
  type BundleReport,
  BundleVerifier,
  type ChainEntry,
  type Checkpoint,
  checkpointHash,
  checkpointLine,
  entryHash,
  entryLine,
  eventText,
  genesisOf,
  keyIdOf,
  noCheckpoint,
  PublicKeys,
  signedBytesOfCheckpoint,
  signedBytesOfEnd,
} from './index.ts';

const TENANT = 'ten_01jz0000000000000000000000';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const der = publicKey.export({ type: 'spki', format: 'der' });
const keys = new PublicKeys([der]);
const key = keyIdOf(der);
const signed = (bytes: Uint8Array, by: KeyObject = privateKey): string => sign(null, bytes, by).toString('hex');

function entriesOf(
  count: number,
  prev = genesisOf(TENANT),
  details = '{"records": 12345678901234567890}',
): ChainEntry[] {
  const entries: ChainEntry[] = [];
  let head = prev;
  for (let seq = 1; seq <= count; seq += 1) {
    const id = `01890000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
    const event = eventText({
      id,
      at: '2026-01-31T12:00:00.000001Z',
      actorId: id,
      action: 'record.read',
      resource: 'rec_1 “é” \n \u2028',
      result: 'allowed',
      reason: null,
      requestId: 'req-7',
      ip: '192.0.2.1',
      details,
    });
    const entry = { seq, sealedAt: '2026-01-31T12:00:01.000000Z', event };
    head = entryHash(TENANT, head, entry);
    entries.push({ ...entry, hash: head });
  }
  return entries;
}

/** A bundle of `count` entries with a checkpoint after every third, as lines. */
function linesOf(count: number, by: KeyObject = privateKey): string[] {
  const prev = genesisOf(TENANT);
  const lines = [bundleHeaderLine({ tenant: TENANT, first: 1, prev })];
  let previous = noCheckpoint(TENANT);
  let checkpoints = 0;
  let head = prev;
  for (const entry of entriesOf(count)) {
    lines.push(entryLine(entry));
    head = entry.hash;
    if (entry.seq % 3 !== 0) continue;
    checkpoints += 1;
    const at = '2026-01-31T12:00:02.000000Z';
    const checkpoint: Checkpoint = { tenant: TENANT, number: checkpoints, count: entry.seq, head, at, previous, key };
    lines.push(checkpointLine(checkpoint, signed(signedBytesOfCheckpoint(checkpoint), by)));
    previous = checkpointHash(checkpoint);
  }
  const at = '2026-01-31T12:00:03.000Z';
  const end: BundleEnd = { tenant: TENANT, first: 1, prev, last: count, head, checkpoints, at, key };
  return [...lines, bundleEndLine(end, signed(signedBytesOfEnd(end), by))];
}

const fileOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

function verify(file: Uint8Array, trusted = keys, pieceSize = 64): BundleReport {
  const verifier = new BundleVerifier(trusted);
  for (let at = 0; at < file.length; at += pieceSize) verifier.push(file.subarray(at, at + pieceSize));
  return verifier.end();
}

const isEntry = (line: string): boolean => line.startsWith('{"seq":');
/** The first sequence number that a flaw on that line leaves unvouched for. */
function seqAt(lines: readonly string[], index: number): number | null {
  return index === 0 ? null : lines.slice(0, index).filter(isEntry).length + 1;
}

const LINES = linesOf(10);
const FILE = fileOf(LINES);
const entryIndexes = LINES.map((line, i) => (isEntry(line) ? i : -1)).filter((i) => i >= 0);

describe('a bundle', () => {
  it('is good as it was made, in pieces of any size', () => {
    for (const size of [1, 7, FILE.length]) {
      expect(verify(FILE, keys, size)).toMatchObject({ ok: true, end: { first: 1, last: 10, checkpoints: 3 } });
    }
  });

  it('is good when nothing happened', () => {
    expect(verify(fileOf(linesOf(0)))).toMatchObject({ ok: true, end: { first: 1, last: 0 } });
  });

  it('is found out at the right entry for any single byte that is changed', () => {
    fc.assert(
      fc.property(fc.nat(FILE.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const file = Buffer.from(FILE);
        file[at]! ^= bits;
        const report = verify(file);
        expect(report.ok).toBe(false);
        if (report.ok) return;
        const index = FILE.subarray(0, at).filter((byte) => byte === 0x0a).length;
        // A header that can still be read is found out by the first entry, which then does not follow from it.
        if (index === 0) expect([null, 1]).toContain(report.flaw.seq);
        else expect(report.flaw.seq).toBe(seqAt(LINES, index));
      }),
      { numRuns: 3000 },
    );
  });

  it.each(entryIndexes)('misses the entry on line %i when it is dropped', (index) => {
    const report = verify(fileOf(LINES.toSpliced(index, 1)));
    const isLast = index === entryIndexes.at(-1);
    expect(report).toMatchObject({ ok: false, flaw: { kind: isLast ? 'truncated' : (expect.any(String) as string) } });
    expect(report).toMatchObject({ flaw: { seq: seqAt(LINES, index) } });
  });

  it('says that an entry is missing when the next one takes its place', () => {
    expect(verify(fileOf(LINES.toSpliced(1, 1)))).toMatchObject({ flaw: { kind: 'missing', seq: 1 } });
  });

  it.each(entryIndexes)('finds the entry on line %i when it is there twice', (index) => {
    const report = verify(fileOf(LINES.toSpliced(index, 0, LINES[index]!)));
    expect(report).toMatchObject({ ok: false, flaw: { kind: 'doubled', seq: seqAt(LINES, index) } });
  });

  it('finds entries in another order', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.nat(8), (a, b) => {
        const [one, two] = [Math.min(a, b), Math.max(a, b) + 1].map((i) => entryIndexes[i]!) as [number, number];
        const lines = LINES.with(one, LINES[two]!).with(two, LINES[one]!);
        expect(verify(fileOf(lines))).toMatchObject({ ok: false, flaw: { kind: 'reordered', seq: seqAt(LINES, one) } });
      }),
    );
  });

  it('is found out wherever it is cut', () => {
    for (let size = 0; size < FILE.length; size += 1) {
      const report = verify(FILE.subarray(0, size));
      const whole = FILE.subarray(0, size).filter((byte) => byte === 0x0a).length;
      expect(report).toMatchObject({ ok: false, flaw: { kind: 'truncated', seq: seqAt(LINES, whole) } });
    }
  });

  it('is found out when its last entries are taken away and its end is kept', () => {
    const kept = [...LINES.slice(0, 6), LINES.at(-1)!];
    expect(verify(fileOf(kept))).toMatchObject({ ok: false, flaw: { kind: 'truncated', seq: 5 } });
  });

  it('is found out when a checkpoint is dropped, doubled or moved', () => {
    const index = LINES.findIndex((line) => line.startsWith('{"checkpoint"'));
    for (const lines of [
      LINES.toSpliced(index, 1),
      LINES.toSpliced(index, 0, LINES[index]!),
      LINES.with(index, LINES[index + 1]!).with(index + 1, LINES[index]!),
    ]) {
      expect(verify(fileOf(lines))).toMatchObject({ ok: false });
    }
  });

  it('is found out when somebody rewrites it from an entry on, hashes and all', () => {
    const forged = entriesOf(10, genesisOf(TENANT), '{"records": 1}').map(entryLine);
    const lines = LINES.map((line) => (isEntry(line) ? forged.shift()! : line));
    expect(verify(fileOf(lines))).toMatchObject({ ok: false, flaw: { kind: 'checkpoint', seq: 4 } });
  });

  it('is found out when it is signed by somebody else', () => {
    const other = generateKeyPairSync('ed25519');
    expect(verify(fileOf(linesOf(2, other.privateKey)))).toMatchObject({ flaw: { kind: 'signature' } });
    const theirs = new PublicKeys([other.publicKey.export({ type: 'spki', format: 'der' })]);
    expect(verify(FILE, theirs)).toMatchObject({ flaw: { kind: 'unknown-key', seq: 4 } });
  });

  it('takes no other bundle, and nothing else, behind its end', () => {
    expect(verify(Buffer.concat([FILE, FILE]))).toMatchObject({ ok: false, flaw: { kind: 'malformed', seq: 11 } });
  });

  it('is not read into memory when it has no line ends', () => {
    expect(verify(Buffer.alloc(3_000_000, 0x61), keys, 65_536)).toMatchObject({ ok: false, flaw: { seq: null } });
  });
});

describe('public keys', () => {
  it('are read from PEM blocks, also inside JSON', () => {
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    expect(PublicKeys.fromText(pem).ids).toEqual([key]);
    expect(PublicKeys.fromText(JSON.stringify({ keys: [{ public_key: pem }] })).ids).toEqual([key]);
    expect(PublicKeys.fromText('nothing').ids).toEqual([]);
  });
});
