import { type Issue, showId } from '#kernel';
import { RISKS } from '../statistics.ts';
import type { Found } from './gate.ts';

/** @param isHeldBack where it would have been held back, had it been written or imported by itself */
export function piiIssue(recordId: string, found: Found & { path: string }, isHeldBack = false): Issue {
  const { type, risk, path } = found;
  const more = isHeldBack ? ': held back when it is written or imported, and no other commit can hold a part back' : '';
  return { pointer: `/${showId('rec', recordId)}/content${path}`, detail: `Gate pii: ${type}, ${RISKS[risk]}${more}` };
}

export function repeatIssue(recordId: string, otherId: string): Issue {
  const detail = `Gate duplicates: the same content as ${showId('rec', otherId)}`;
  return { pointer: `/${showId('rec', recordId)}/content`, detail };
}

export function nearIssue(recordId: string, otherId: string): Issue {
  const detail = `Gate near_duplicates: nearly the same content as ${showId('rec', otherId)}`;
  return { pointer: `/${showId('rec', recordId)}/content`, detail };
}

/** A record of a split, and one of another split that says the same. */
export function leakIssue(record: Sided, other: Sided): Issue {
  const detail = `Gate leakage: in the split ${record.split}, and ${showId('rec', other.recordId)} of ${other.split} has the same content`;
  return { pointer: `/${showId('rec', record.recordId)}/content`, detail };
}

interface Sided {
  recordId: string;
  split: string;
}
