// Makes a file of chats to try things with: several languages, planted personal data and secrets, a few broken lines.
//   npm run sample-data -- --size 1GB --seed 7 --out sample.jsonl [--planted planted.txt]
// Beside it comes <out>.expected.json with what an import must count. The same size and seed give the same bytes.
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeSample } from './sample-data/sample.ts';

const UNITS: Record<string, number> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };

function bytesOf(size: string): number {
  const [, number, unit = 'B'] = /^(\d+(?:\.\d+)?)\s*([KMG]?i?B)?$/i.exec(size) ?? [];
  const factor = UNITS[unit.toUpperCase()];
  if (!number || !factor) throw new Error('--size takes a number and a unit, such as 500MB or 2GiB');
  return Math.round(Number(number) * factor);
}

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '10MB' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'sample.jsonl' },
    planted: { type: 'string' },
  },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed takes a whole number');

const started = performance.now();
const out = openSync(values.out, 'w');
const plantedFile = values.planted ? openSync(values.planted, 'w') : null;
let lines: string[] = [];
const flush = (): void => {
  if (plantedFile !== null && lines.length > 0) writeSync(plantedFile, `${lines.join('\n')}\n`);
  lines = [];
};
const expected = writeSample(
  bytesOf(values.size),
  seed,
  (bytes) => writeAll(out, bytes),
  (line) => {
    lines.push(line);
    if (lines.length >= 10_000) flush();
  },
);
flush();
closeSync(out);
if (plantedFile !== null) closeSync(plantedFile);
writeFileSync(`${values.out}.expected.json`, `${JSON.stringify(expected, null, 2)}\n`);

const seconds = (performance.now() - started) / 1000;
const rate = Math.round(expected.bytes / 1e6 / seconds);
console.log(
  `${values.out}: ${expected.bytes} bytes, ${expected.lines} lines, ${expected.bad} of them bad, ${rate} MB/s`,
);

/** A write may take less than it was given. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
