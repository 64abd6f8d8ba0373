import { secretKey } from '#kernel';
import { CONTENT_HASH_BYTES, contentHash } from '../contents/content.hash.ts';
import { parseExactly, type Value } from '../export/exact-json.ts';
import { textsIn } from '../json-lines.ts';
import { BANDS, bandsOf, candidatesIn } from './minhash.ts';
import { jaccard, type ShingleKind, shinglesOf, textOf, valueAt } from './shingles.ts';

/** Which part of a record is looked at, and in which pieces. */
export interface Looking {
  /** JSON Pointer; the empty one is the whole record. */
  pointer: string;
  shingles: ShingleKind;
}

/** What is needed to find records that are alike, of JSON Lines, each with its newline. */
export interface SketchTask extends Looking {
  kind: 'duplicate-sketch';
  lines: Uint8Array;
  /** The tenant's key for hashes of contents. */
  key: Uint8Array;
}

/** Pairs within a band. */
export interface CandidatesTask {
  kind: 'duplicate-candidates';
  hashes: Uint32Array;
}

/** How alike pairs of lines are, given by their places. */
export interface CompareTask extends Looking {
  kind: 'duplicate-compare';
  lines: Uint8Array;
  pairs: Uint32Array;
}

/** For each record in turn. */
export interface Sketches {
  /** Whether it has what the pointer names. */
  present: Uint8Array;
  /** Whether there is text in it. */
  texts: Uint8Array;
  macs: Uint8Array;
  lengths: Uint32Array;
  bands: Uint32Array;
}

/** The hash of a record's content, as a name: the same for the same content. */
export function macOf({ macs }: Sketches, i: number): string {
  return Buffer.from(macs.buffer, macs.byteOffset + i * CONTENT_HASH_BYTES, CONTENT_HASH_BYTES).toString('latin1');
}

export type DuplicateTask = SketchTask | CandidatesTask | CompareTask;
export type DuplicateResult = Sketches | { pairs: Uint32Array } | { similarities: Float32Array };

/** Port. The threads, as the search for duplicates sees them. */
export interface DuplicatePool {
  run(task: SketchTask): Promise<Sketches>;
  run(task: CandidatesTask): Promise<{ pairs: Uint32Array }>;
  run(task: CompareTask): Promise<{ similarities: Float32Array }>;
}

const KINDS: readonly string[] = [
  'duplicate-sketch',
  'duplicate-candidates',
  'duplicate-compare',
] satisfies DuplicateTask['kind'][];

export function isDuplicateTask(task: { kind: string }): task is DuplicateTask {
  return KINDS.includes(task.kind);
}

/** On a thread. */
export function performDuplicateTask(task: DuplicateTask): DuplicateResult {
  if (task.kind === 'duplicate-sketch') return sketched(task);
  if (task.kind === 'duplicate-candidates') return { pairs: candidatesIn(task.hashes) };
  return { similarities: compared(task) };
}

function sketched({ lines, key, pointer, shingles }: SketchTask): Sketches {
  const values = valuesIn(lines, pointer);
  const secret = secretKey(key);
  const { length } = values;
  const made: Sketches = {
    present: new Uint8Array(length),
    texts: new Uint8Array(length),
    macs: new Uint8Array(length * CONTENT_HASH_BYTES),
    lengths: new Uint32Array(length),
    bands: new Uint32Array(length * BANDS),
  };
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue;
    made.present[i] = 1;
    made.macs.set(contentHash(secret, value), i * CONTENT_HASH_BYTES);
    const text = textOf(value);
    made.lengths[i] = text.length;
    const set = shinglesOf(text, shingles);
    if (set.length === 0) continue;
    made.texts[i] = 1;
    made.bands.set(bandsOf(set), i * BANDS);
  }
  key.fill(0);
  return made;
}

function compared({ lines, pairs, pointer, shingles }: CompareTask): Float32Array {
  const sets = valuesIn(lines, pointer).map((value) => shinglesOf(value === undefined ? '' : textOf(value), shingles));
  return Float32Array.from({ length: pairs.length / 2 }, (_, i) =>
    jaccard(sets[pairs[2 * i]!]!, sets[pairs[2 * i + 1]!]!),
  );
}

function valuesIn(lines: Uint8Array, pointer: string): (Value | undefined)[] {
  return textsIn(lines).map((text) => valueAt(parseExactly(text), pointer));
}
