import { allowedMac, type OwnRules, scannerBy, valueOfFinding } from '#pii';
import { shownPath } from '../writes/finding-rows.ts';

/** What a thread needs to say which value a finding was about, without saying the value. */
export interface FindingTask {
  kind: 'finding';
  line: Uint8Array;
  finding: { type: string; start: number; end: number; path: string };
  minConfidence: number;
  rules: OwnRules | null;
  /** The tenant's key for values that are allowed. */
  allowKey: Uint8Array;
}

export interface FindingResult {
  /** Null where the value cannot be told. */
  mac: string | null;
}

/** The keyed hash of the value of a finding, as the allow list keeps it. Runs on a thread; overwrites the keys it was given. */
export function macOfFinding({ line, finding, minConfidence, rules, allowKey }: FindingTask): FindingResult {
  try {
    const source = Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
    // What is allowed already is found all the same: it may be decided about again.
    const all = rules && { ...rules, id: `${rules.id} all`, allowed: '[]' };
    const isPath = (path: string): boolean => shownPath(path) === finding.path;
    const value = valueOfFinding(source, { ...finding, isPath }, scannerBy(all, { minConfidence }));
    return { mac: value === null ? null : allowedMac(allowKey, finding.type, value) };
  } finally {
    allowKey.fill(0);
    rules?.allowKey.fill(0);
  }
}
