import { conversation, type Extras } from './conversation.ts';
import { DRAWN, KINDS, type PlantedType } from './planted.ts';
import { Random } from './random.ts';

/** What an import of the sample must come to. Line numbers begin with 1. */
export interface Expectations {
  seed: number;
  bytes: number;
  lines: number;
  good: number;
  bad: number;
  bad_lines: number[];
  planted_lines: number;
  planted: Record<PlantedType, number>;
}

/** Takes bytes in order; called with buffers of about a megabyte that are used again afterwards. */
export type Sink = (bytes: Uint8Array) => void;

const BATCH_BYTES = 1 << 20;
const ONE_BAD_LINE_IN = 10_000;
const NOTHING: Extras = { said: '', metadata: '' };

/** Writes at least `size` bytes of sample lines, and each planted value to `planted` on a line of its own. */
export function writeSample(size: number, seed: number, sample: Sink, planted: (line: string) => void): Expectations {
  const random = new Random(seed);
  const expected = nothingYet(seed);
  const firstBad = random.between(20, 200);
  // The largest line has a few kilobytes.
  const batch = Buffer.allocUnsafe(BATCH_BYTES + 65_536);
  let filled = 0;
  while (expected.bytes + filled < size) {
    const number = (expected.lines += 1);
    if (number % ONE_BAD_LINE_IN === firstBad) {
      expected.bad_lines.push(number);
      filled += writeBad(batch.subarray(filled), random, number);
    } else {
      const extras = random.below(10) === 0 ? plant(random, expected, planted) : NOTHING;
      filled += batch.write(`${conversation(random, number, extras)}\n`, filled, 'utf8');
    }
    if (filled >= BATCH_BYTES) {
      sample(batch.subarray(0, filled));
      expected.bytes += filled;
      filled = 0;
    }
  }
  sample(batch.subarray(0, filled));
  expected.bytes += filled;
  expected.bad = expected.bad_lines.length;
  expected.good = expected.lines - expected.bad;
  return expected;
}

function nothingYet(seed: number): Expectations {
  const planted = Object.fromEntries(Object.keys(KINDS).map((type) => [type, 0])) as Record<PlantedType, number>;
  return { seed, bytes: 0, lines: 0, good: 0, bad: 0, bad_lines: [], planted_lines: 0, planted };
}

/** One to three planted values: said in a sentence, or under a telling key. */
function plant(random: Random, expected: Expectations, planted: (line: string) => void): Extras {
  const extras: Extras = { said: '', metadata: '' };
  const keys = new Set<string>();
  expected.planted_lines += 1;
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left -= 1) {
    const type = random.pick(DRAWN);
    const { make, sentences, keys: known } = KINDS[type];
    const value = make(random);
    const key = random.pick(known);
    expected.planted[type] += 1;
    planted(asLine(value));
    if (random.below(3) === 0 && !keys.has(key)) {
      keys.add(key);
      extras.metadata += `,"${key}":${JSON.stringify(value)}`;
    } else {
      const sentence = random.pick(sentences).replace('%', () => value);
      extras.said += (extras.said && ' ') + JSON.stringify(sentence).slice(1, -1);
    }
  }
  return extras;
}

/** What `grep -F` finds: of a value with several lines the longest one that is its own. */
function asLine(value: string): string {
  return value.split('\n').at(2) ?? value;
}

/** A line that no reader may take: cut off, no JSON at all, or no UTF-8. */
function writeBad(batch: Buffer, random: Random, number: number): number {
  const line = conversation(random, number, NOTHING);
  switch (random.below(3)) {
    case 0:
      return batch.write(`${line.slice(0, Math.floor(line.length * 0.6))}\n`, 'utf8');
    case 1:
      return batch.write('exported by hand, see the other sheet\n', 'utf8');
    default: {
      const length = batch.write(`${line}\n`, 'utf8');
      // A byte that begins a character of two, and then a bracket.
      batch.set([0xc3, 0x28], line.indexOf('"content":"') + '"content":"'.length);
      return length;
    }
  }
}
