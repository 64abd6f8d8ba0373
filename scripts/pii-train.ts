// Trains the model that judges names: logistic regression over hashed features, on text made by scripts/pii-corpus.
//   node --conditions=source scripts/pii-train.ts
// The same seed, lists and templates give the same weights. Measures on templates that were held out.
import { writeFileSync } from 'node:fs';
import { FEATURE_BITS, NameTraining } from '#pii';
import { Generator, type Labelled } from './pii-corpus/generate.ts';

const TEXTS = 240_000;
const ROUNDS = 1;
const RATE = 0.03;
const DECAY = 2e-6;
const SIZE = 1 << FEATURE_BITS;
/** Of a hundred names so many are not known to the lists in one text. */
const FORGOTTEN = 30;
const OUT = new URL('../libs/pii/src/names/name-weights.ts', import.meta.url);

const training = new NameTraining();
const weights = new Float64Array(SIZE);
const squares = new Float64Array(SIZE).fill(1e-6);

interface Example {
  features: Int32Array;
  isName: boolean;
}

function isInside({ spans }: Labelled, start: number, end: number): boolean {
  return spans.some((span) => span.type === 'PERSON' && span.start < end && start < span.end);
}

/** Words of small letters between names, such as `van`, are not asked about. */
function examplesOf(text: Labelled, salt: number): Example[] {
  const examples: Example[] = [];
  training.read(
    text.text,
    (hash) => Math.abs(Math.imul(hash ^ salt, 0x9e3779b1) >> 8) % 100 < FORGOTTEN,
    (features, start, end) => {
      const isName = isInside(text, start, end);
      examples.push({ features: features.at.slice(0, features.count), isName });
      return isName;
    },
  );
  return examples;
}

function oddsOf(features: Int32Array): number {
  let sum = 0;
  for (const at of features) sum += weights[at] ?? 0;
  return sum;
}

/** One step of AdaGrad. */
function learn({ features, isName }: Example): void {
  const error = (isName ? 1 : 0) - 1 / (1 + Math.exp(-oddsOf(features)));
  if (Math.abs(error) < 0.01) return;
  for (const at of features) {
    squares[at] = (squares[at] ?? 0) + error * error;
    const step = (RATE * error) / Math.sqrt(squares[at] ?? 1);
    weights[at] = (weights[at] ?? 0) * (1 - DECAY) + step;
  }
}

function write(): void {
  let most = 0;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  const unit = Math.min(most, 4) / 127;
  const bytes = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / unit))));
  writeFileSync(
    OUT,
    `/** The weights of the model of names, in base 64. Written by scripts/pii-train.ts. */
export const WEIGHT_UNIT = ${unit};
export const WEIGHTS =
  '${Buffer.from(bytes.buffer).toString('base64')}';
`,
  );
}

const generator = new Generator(11, false);
const examples: Example[] = [];
for (let i = 0; i < TEXTS; i += 1) examples.push(...examplesOf(generator.next(), i));
console.log(`${TEXTS} texts, ${examples.length} words`);
for (let round = 0; round < ROUNDS; round += 1) {
  for (let i = examples.length - 1; i > 0; i -= 1) {
    const other = generator.random.below(i + 1);
    [examples[i], examples[other]] = [examples[other]!, examples[i]!];
  }
  for (const example of examples) learn(example);
}
const held = new Generator(12, true);
let [right, found, there] = [0, 0, 0];
for (let i = 0; i < TEXTS / 30; i += 1) {
  for (const { features, isName } of examplesOf(held.next(), -i)) {
    const isFound = oddsOf(features) > 0;
    if (isName) there += 1;
    if (isFound) found += 1;
    if (isName && isFound) right += 1;
  }
}
console.log(`words held out: precision ${(right / found).toFixed(3)}, recall ${(right / there).toFixed(3)}`);
write();
