import type { OwnRules } from '#pii';
import type { SketchKey } from '../contents/content.sketch.ts';
import type { Gate } from '../gates/gate.ts';
import type { RecordRules } from '../schemas/record.check.ts';
import type { Statistics } from '../statistics.ts';
import type { Attributes } from '../writes/attributes.ts';
import type { LineError } from './line-error.ts';

/** What a thread needs to make one segment of a batch of lines. */
export interface SegmentTask {
  lines: Uint8Array<ArrayBuffer>;
  firstLine: number;
  /** Place of the first line in the file, see `recordId`. */
  offset: number;
  startMs: number;
  tenantId: string;
  datasetId: string;
  branchId: string;
  seq: number;
  segmentId: string;
  /** The segment's own data key. */
  key: Uint8Array;
  /** The tenant's key for the subject index. */
  subjectKey: Uint8Array;
  /** The tenant's key for hashes of contents; null where no gate asks for those. */
  contentKey: Uint8Array | null;
  /** How sketches of contents are made; null where no gate asks for those. */
  sketch: SketchKey | null;
  minConfidence: number;
  /** What the tenant says of personal data itself; null where it says nothing. */
  rules: OwnRules | null;
  /** What the dataset asks of its records; null where it asks nothing. */
  check: RecordRules | null;
  /** Only look whether the lines are right; nothing will be kept. */
  checkOnly: boolean;
  /** Look at everything, and count what would be kept. */
  dryRun: boolean;
  anonymize: AnonymizeTask | null;
  /** Null where no gate holds anything back. */
  hold: HoldTask | null;
  /** Null where nothing is said of records beside their content. */
  saidFrom: SaidFrom | null;
  /** Of a dry run: what gates before the branch would have to know; null where nobody asks. */
  judge: readonly Gate[] | null;
}

/** A line that a dry run would keep, as gates look at it. */
export interface TriedLine {
  line: number;
  said: SaidOf | null;
  /** The first findings that a gate blocks. */
  blocked: { type: string; risk: number; path: string }[];
  hash: Uint8Array | null;
  sketch: Uint8Array | null;
}

/** What is said of a record beside its content. */
export type SaidOf = Omit<Attributes, 'externalId'>;

/** Where in a line it says so: JSON Pointers. */
export type SaidFrom = Partial<Record<keyof SaidOf, string>>;

/** By which gates records are held back, and where those go: into a segment of their own. */
export interface HoldTask {
  gates: Gate[];
  branchId: string;
  seq: number;
  segmentId: string;
  /** The data key of that segment. */
  key: Uint8Array;
}

export interface AnonymizeTask {
  /** Where the lines come from: what is allowed there is left in them. */
  fromDatasetId: string;
  /** The types that are looked for, and how sure one must be; null as in any scan. */
  scanTypes: string[] | null;
  minConfidence: number | null;
  strategy: string;
  strategies: Record<string, string>;
  types: string[] | null;
  hashKey: Uint8Array;
  ownTypes: string[];
}

/** A sealed segment with its rows, ready to be put away. */
export interface MadeSegment {
  sealed: Uint8Array<ArrayBuffer>;
  blockOffsets: number[];
  noncePrefix: Uint8Array;
  plainBytes: number;
  /** 32 bytes each, in record order. */
  leaves: Uint8Array;
  versions: Uint8Array<ArrayBuffer>;
  /** Whether they have the columns for what is said of a record. */
  hasSaid: boolean;
  /** Null when nothing was found. */
  findings: Uint8Array<ArrayBuffer> | null;
  /** Null when nobody asked what contents say. */
  hashes: Uint8Array<ArrayBuffer> | null;
  sketches: Uint8Array<ArrayBuffer> | null;
}

/** A record that is held back, and what was found in it. */
export interface HeldRecord {
  recordId: string;
  types: string[];
  /** Index into `RISKS`. */
  risk: number;
}

export interface SegmentResult {
  /** Null when no line was good, or none was to be kept. */
  segment: MadeSegment | null;
  /** What is held back; null when nothing is, or none was to be kept. */
  held: { segment: MadeSegment; records: HeldRecord[] } | null;
  /** Of what is not held back. */
  statistics: Statistics;
  quarantined: number;
  rejected: number;
  errors: LineError[];
  anonymized: AnonymizedCounts | null;
  /** Null where nobody asks. */
  tried: TriedLine[] | null;
}

export interface AnonymizedCounts {
  /** How often which operator was applied, by type. */
  applied: { type: string; operator: string; count: number }[];
  /** What a second scan still found of the types that were acted on. */
  residual: number;
}
