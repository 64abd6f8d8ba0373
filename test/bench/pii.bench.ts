// How well and how fast the engine reads, beside JSON.parse of the same bytes and two other packages in the same run.
// node --conditions=source test/bench/pii.bench.ts
import { OpenRedaction } from '@openredaction/core';
import { SyncRedactor } from 'redact-pii';
import { PiiScanner, piiTypes } from '#pii';
import { writeSample } from '../../scripts/sample-data/sample.ts';
import { print, printHead } from './measure.ts';
import { reportQuality, type Speed } from './pii-quality.ts';

const ROUNDS = 3;
const SIZE = 12_000_000;
const MEGABYTE = 1e6;
const ofWords = new Set(['PERSON', 'LOCATION']);
const structured = piiTypes.filter((info) => info.defaultOn && !ofWords.has(info.type)).map((info) => info.type);

function sampleLines(seed: number): string[] {
  const chunks: Buffer[] = [];
  const expected = writeSample(
    SIZE,
    seed,
    (bytes) => chunks.push(Buffer.from(bytes)),
    () => undefined,
  );
  const bad = new Set(expected.bad_lines);
  const lines = Buffer.concat(chunks).toString('utf8').split('\n').filter(Boolean);
  return lines.filter((_, index) => !bad.has(index + 1));
}

/** Best of some rounds, so that a neighbour on the machine does not count; in MB/s of UTF-8. */
function speed(bytes: number, work: () => void): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    work();
    best = Math.max(best, bytes / ((performance.now() - start) / 1000));
  }
  return best / MEGABYTE;
}

function size(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

const MIN_DENSE = 3_000_000;

/** Every sentence of the sample with something planted, without the others; again and again, so that speed can be told. */
function dense(lines: readonly string[]): string[] {
  const scanner = new PiiScanner({ types: structured });
  const once = lines.flatMap((line) => {
    const found: string[] = [];
    scanner.scanJson(line, ({ type }, value) => {
      if (type !== 'PRIVATE_KEY') found.push(value);
    });
    return found.length > 0 ? [`Write to ${found.join(' or call ')}, please.`] : [];
  });
  return Array.from({ length: Math.ceil(MIN_DENSE / size(once)) }, () => once).flat();
}

const lines = sampleLines(5);
const texts = lines.flatMap((line) =>
  (JSON.parse(line) as { messages: { content: string }[] }).messages.map(({ content }) => content),
);
const few = new PiiScanner({ types: structured });
const all = new PiiScanner();
const denseTexts = dense(lines);

const [openRedaction, redactor] = [new OpenRedaction(), new SyncRedactor()];
const PEER_SECONDS = 4;

/** The same texts through another package, for a few seconds: some need minutes for all of them. MB/s. */
async function peer(work: (text: string) => unknown): Promise<number> {
  const start = performance.now();
  let bytes = 0;
  for (const text of texts) {
    await work(text);
    bytes += Buffer.byteLength(text);
    if (performance.now() - start > PEER_SECONDS * 1000) break;
  }
  return bytes / ((performance.now() - start) / 1000) / MEGABYTE;
}

const rows: readonly [string, readonly string[], (text: string) => unknown][] = [
  ['text, structured types', texts, (text) => few.scanText(text)],
  ['text, with names', texts, (text) => all.scanText(text)],
  ['chat JSONL, structured types', lines, (line) => few.scanJson(line)],
  ['chat JSONL, with names', lines, (line) => all.scanJson(line)],
  ['dense personal data', denseTexts, (text) => few.scanText(text)],
];
const parsing = speed(size(lines), () => {
  for (const line of lines) JSON.parse(line);
});
const peers = {
  'redact-pii': await peer((text) => redactor.redact(text)),
  '@openredaction/core': await peer((text) => openRedaction.detect(text)),
};
const speeds: Speed[] = [{ name: 'JSON.parse', value: parsing }];
printHead('finding personal data, one core');
for (const [name, input, work] of rows) {
  const value = speed(size(input), () => {
    for (const text of input) work(text);
  });
  speeds.push({ name, value });
  print({ name, value, unit: 'MB/s', baseline: { name: 'JSON.parse of the JSONL', value: parsing } });
  if (name !== 'text, with names') continue;
  for (const [package_, rate] of Object.entries(peers)) {
    print({ name: '  beside a peer', value, unit: 'MB/s', baseline: { name: package_, value: rate } });
  }
}
console.log(`peak RSS ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
reportQuality(speeds);
