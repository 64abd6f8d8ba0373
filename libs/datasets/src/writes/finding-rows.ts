import type { JsonFinding } from '#pii';
import { RISKS } from '../statistics.ts';

/** A finding as its row has it, in the names of the columns. */
export interface FoundRow {
  ordinal: number;
  type: string;
  risk: number;
  path: string;
  start_offset: number;
  end_offset: number;
  confidence: number;
  detector: string;
  rule_version: number;
  /** Hex. */
  subject: string | null;
}

/** A path is for people to find the place again; one that is longer than this helps nobody. */
export const MAX_PATH = 512;

export function shownPath(path: string): string {
  return path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path;
}

export function foundRow(finding: JsonFinding, ordinal: number, subject: Buffer | null): FoundRow {
  return {
    ordinal,
    type: finding.type,
    risk: RISKS.indexOf(finding.risk),
    // Neither NUL nor half a surrogate pair is in any text that PostgreSQL keeps.
    path: shownPath(finding.path).toWellFormed().replaceAll('\0', '\u{fffd}'),
    start_offset: finding.start,
    end_offset: finding.end,
    confidence: finding.confidence,
    detector: finding.detector,
    rule_version: finding.ruleVersion,
    subject: subject && subject.toString('hex'),
  };
}
