import type { OwnRules } from '#pii';
import type { SketchKey } from '../contents/content.sketch.ts';
import type { AnonymizeTask } from '../ingest/segment.task.ts';
import type { RecordRules } from '../schemas/record.check.ts';
import type { Wrong } from '../schemas/schema.validator.ts';
import type { FoundRow } from './finding-rows.ts';

/** What a thread needs to seal records that came one by one. */
export interface RecordsTask {
  kind: 'records';
  tenantId: string;
  datasetId: string;
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
  /** What is done about personal data in them before; null for nothing. */
  anonymize: AnonymizeTask | null;
  records: { line: Uint8Array; attributes: string | null }[];
}

/** Where a record lies in its segment, and what was found in it. */
export interface PlacedRecord {
  block: number;
  position: number;
  bytes: number;
  leaf: Uint8Array;
  /** What it says, see `contents`; null where no gate asks. */
  hash: Uint8Array | null;
  /** What it is like, see `contents`; null where no gate asks. */
  sketch: Uint8Array | null;
  /** Index into `RISKS`. */
  risk: number;
  findings: FoundRow[];
}

/** Not sealed: where the attributes hold personal data, or what the dataset's schema is not kept by. */
export type Unsealed = { personal: string[] } | { wrong: Wrong };

export interface RecordsResult {
  sealed: {
    bytes: Uint8Array<ArrayBuffer>;
    blockOffsets: number[];
    noncePrefix: Uint8Array;
    plainBytes: number;
    records: number;
  } | null;
  /** In the order they were sent. */
  records: (PlacedRecord | Unsealed)[];
}
