// What sealing and opening cost beside bare AES-256-GCM on the same machine in the same run.
// node --conditions=source test/bench/crypto.bench.ts
import { createCipheriv, randomBytes } from 'node:crypto';
import { openSegment, packSegment } from '#crypto';

const ROUNDS = 5;
const SECONDS = 0.6;
const MEGABYTE = 1e6;

const WORDS =
  'please can you look at the invoice for my last order it arrived late and the parcel was open thanks we are sorry to hear that could tell us number delivery address so refund is made within three days'.split(
    ' ',
  );

/** Chat records of about 700 bytes, with the redundancy of prose and an id that does not compress. */
function chatLine(): Buffer {
  const say = (words: number): string =>
    Array.from({ length: words }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join(' ');
  const messages = [
    { role: 'user', content: say(50) },
    { role: 'assistant', content: say(70) },
  ];
  return Buffer.from(JSON.stringify({ id: randomBytes(8).toString('hex'), messages }));
}

/** Best of some rounds, so that a neighbour on the machine does not count; in MB/s of plaintext. */
function speed(bytes: number, work: () => void): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < SECONDS * 1000) {
      work();
      done += bytes;
    }
    best = Math.max(best, done / ((performance.now() - start) / 1000));
  }
  return best / MEGABYTE;
}

function linesOf(makeLine: () => Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let size = 0; size < 4 * 1024 * 1024; size += lines.at(-1)?.length ?? 0) lines.push(makeLine());
  return lines;
}

function measure(name: string, lines: Buffer[], bare: number): void {
  const segment = {
    tenantId: 'tenant',
    datasetId: 'dataset',
    segmentId: 'segment',
    key: new Uint8Array(randomBytes(32)),
  };
  const packed = packSegment(segment, lines);
  const sealed = { ...segment, noncePrefix: packed.noncePrefix, blockCount: packed.blockOffsets.length - 1 };
  const pack = speed(packed.plainBytes, () => packSegment(segment, lines));
  const open = speed(packed.plainBytes, () => {
    for (const block of openSegment(sealed, packed.bytes)) block.line(block.count - 1);
  });
  const size = (packed.bytes.length / packed.plainBytes).toFixed(2);
  console.log(`${name}: ${lines.length} records, sealed/plain ${size}`);
  console.log(`  packSegment ${pack.toFixed(0)} MB/s, ${(pack / bare).toFixed(2)} of bare AES-256-GCM`);
  console.log(`  openSegment ${open.toFixed(0)} MB/s, ${(open / bare).toFixed(2)} of bare AES-256-GCM`);
}

const frame = randomBytes(64 * 1024);
const key = randomBytes(32);
const bare = speed(frame.length, () => {
  const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12), { authTagLength: 16 });
  cipher.update(frame);
  cipher.final();
});
console.log(`bare AES-256-GCM on 64 KiB: ${bare.toFixed(0)} MB/s`);
measure('chat', linesOf(chatLine), bare);
measure(
  'not compressible',
  linesOf(() => randomBytes(700)),
  bare,
);
measure(
  'short',
  linesOf(() => Buffer.from(`{"id":${Math.floor(Math.random() * 1e9)},"label":"yes"}`)).slice(0, 60_000),
  bare,
);
