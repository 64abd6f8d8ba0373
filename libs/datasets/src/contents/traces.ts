import type { Looking } from '../duplicates/duplicate.tasks.ts';
import { methodOf } from './content.sketch.ts';

/** What is made of contents, for gates that have to know what they say. */
export interface Traces {
  hashes: boolean;
  /** What is looked at for sketches; null where none are made. */
  sketches: Looking | null;
}

export const NO_TRACES: Traces = { hashes: false, sketches: null };

/** Whether all that is asked was made, and made in that way. */
export function isTraced(made: Traces, asked: Traces): boolean {
  if (asked.hashes && !made.hashes) return false;
  return !asked.sketches || (made.sketches !== null && methodOf(made.sketches) === methodOf(asked.sketches));
}
