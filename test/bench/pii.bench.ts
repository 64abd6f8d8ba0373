// How fast the engine reads, beside JSON.parse of the same bytes in the same run.
// node --conditions=source test/bench/pii.bench.ts
import { PiiScanner, piiTypes } from '#pii';
import { writeSample } from '../../scripts/sample-data/sample.ts';

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

/** Every sentence of the sample with something planted, without the others. */
function dense(lines: readonly string[]): string[] {
  const scanner = new PiiScanner({ types: structured });
  return lines.flatMap((line) => {
    const found: string[] = [];
    scanner.scanJson(line, ({ type }, value) => {
      if (type !== 'PRIVATE_KEY') found.push(value);
    });
    return found.length > 0 ? [`Write to ${found.join(' or call ')}, please.`] : [];
  });
}

const lines = sampleLines(5);
const texts = lines.flatMap((line) =>
  (JSON.parse(line) as { messages: { content: string }[] }).messages.map(({ content }) => content),
);
const few = new PiiScanner({ types: structured });
const all = new PiiScanner();
const denseTexts = dense(lines);

const rows: readonly [string, readonly string[], (text: string) => unknown][] = [
  ['text, structured types', texts, (text) => few.scanText(text)],
  ['text, with names', texts, (text) => all.scanText(text)],
  ['chat JSONL, structured types', lines, (line) => few.scanJson(line)],
  ['chat JSONL, with names', lines, (line) => all.scanJson(line)],
  ['dense personal data', denseTexts, (text) => few.scanText(text)],
  ['JSON.parse of the JSONL', lines, (line) => JSON.parse(line) as unknown],
];
for (const [name, input, work] of rows) {
  const rate = speed(size(input), () => {
    for (const text of input) work(text);
  });
  console.log(`${name}: ${rate.toFixed(1)} MB/s`);
}
console.log(`peak RSS ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
