import type { PiiType } from '../pii-type.ts';

/** What speaks for a candidate; of two that overlap the better proven one stays. */
export const BY_SHAPE = 1;
export const BY_CONTEXT = 2;
export const BY_CHECK = 3;
export const BY_CHECK_AND_CONTEXT = 4;

export interface Candidate {
  type: PiiType;
  start: number;
  end: number;
  confidence: number;
  proof: number;
  detector: string;
  /** In words, for `explain`. */
  why: string;
}

/**
 * Keeps of overlapping candidates the better proven, then the longer, then the surer one. Called when all checks are
 * done, so that what fails its check never removes what holds.
 */
export function withoutOverlaps(candidates: Candidate[]): Candidate[] {
  if (candidates.length < 2) return candidates;
  candidates.sort(byWorth);
  const kept = candidates.length > FEW ? fromMany(candidates) : fromFew(candidates);
  return kept.sort((a, b) => a.start - b.start);
}

const FEW = 12;

function fromFew(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    if (!kept.some((other) => isOver(candidate, other))) kept.push(candidate);
  }
  return kept;
}

function fromMany(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  // Bounded: a text of many candidates has few that lie over each other, and places are looked up by bucket.
  const taken = new Map<number, Candidate[]>();
  for (const candidate of candidates) if (claim(taken, candidate)) kept.push(candidate);
  return kept;
}

function isOver(candidate: Candidate, other: Candidate): boolean {
  return candidate.start < other.end && other.start < candidate.end;
}

const BUCKET = 6;

function claim(taken: Map<number, Candidate[]>, candidate: Candidate): boolean {
  const first = candidate.start >> BUCKET;
  const last = (candidate.end - 1) >> BUCKET;
  for (let bucket = first; bucket <= last; bucket += 1) {
    for (const other of taken.get(bucket) ?? []) {
      if (isOver(candidate, other)) return false;
    }
  }
  for (let bucket = first; bucket <= last; bucket += 1) {
    const there = taken.get(bucket);
    if (there) there.push(candidate);
    else taken.set(bucket, [candidate]);
  }
  return true;
}

function byWorth(a: Candidate, b: Candidate): number {
  return b.proof - a.proof || b.end - b.start - (a.end - a.start) || b.confidence - a.confidence || a.start - b.start;
}
