import { canonicalJson, valueAt } from '../duplicates/shingles.ts';
import { parseExactly, type Value } from '../export/exact-json.ts';
import { textsIn } from '../json-lines.ts';
import { assigned } from './assigned.ts';
import { hashOf } from './split.hash.ts';

/** Hashes of what pointers name in JSON Lines, each with its newline. */
export interface HashTask {
  kind: 'split-hash';
  lines: Uint8Array;
  seed: string;
  /** JSON Pointers. */
  pointers: string[];
}

/** Puts records into splits. */
export interface AssignTask {
  kind: 'split-assign';
  seed: string;
  ratios: number[];
  /** For each record; NaN where there is none. */
  keys: Float64Array;
  /** Null: all of them are one. */
  strata: Float64Array | null;
}

export type SplitTask = HashTask | AssignTask;
/** For each pointer the hashes of all lines, NaN where it names nothing; or for each record the place of its split. */
export type SplitResult = { hashes: Float64Array[] } | { splits: Uint8Array };

/** Port. The threads, as splits see them. */
export interface SplitPool {
  run(task: HashTask): Promise<{ hashes: Float64Array[] }>;
  run(task: AssignTask): Promise<{ splits: Uint8Array }>;
}

const KINDS: readonly string[] = ['split-hash', 'split-assign'] satisfies SplitTask['kind'][];

export function isSplitTask(task: { kind: string }): task is SplitTask {
  return KINDS.includes(task.kind);
}

/** On a thread. */
export function performSplitTask(task: SplitTask): SplitResult {
  return task.kind === 'split-assign' ? { splits: assigned(task) } : { hashes: hashed(task) };
}

function hashed({ lines, seed, pointers }: HashTask): Float64Array[] {
  const values = textsIn(lines).map(parseExactly);
  return pointers.map((pointer) => Float64Array.from(values, (value) => hashOfValue(seed, valueAt(value, pointer))));
}

/** Text counts as it is, everything else as canonical JSON; what is null is not there. */
export function hashOfValue(seed: string, value: Value | undefined): number {
  if (value === undefined || value === null) return NaN;
  return hashOf(seed, typeof value === 'string' ? value : canonicalJson(value));
}
