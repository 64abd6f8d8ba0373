import type { Finding, Risk } from '#pii';

/** Something that was found in a file: where, and what it is like, never the value. */
export interface Found {
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units; null where the text is written in another way than it reads, as in JSON. */
  column: number | null;
  /** RFC 6901, or the name of the column. */
  path: string | null;
  type: string;
  risk: Risk;
  confidence: number;
  /** The same as long as what is around it is: of file, type and place, and nothing that tells of the value. */
  fingerprint: string;
  /** Whether the baseline knows it. */
  known: boolean;
}

export type Place = Pick<Found, 'line' | 'column' | 'path'> & {
  /** What tells this place from others of the file, without any value. */
  around: string;
};

/** Takes what a reader of one file finds. */
export type Tell = (finding: Finding, place: Place) => void;
