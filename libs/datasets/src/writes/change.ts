import type { Principal, RequestContext } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import type { HashedVersion } from '../contents/content-hash.repository.ts';
import type { SketchedVersion } from '../contents/content-sketch.repository.ts';
import type { Verdict } from '../gates/gate.ts';
import type { RecordVersion, StoredVersion } from '../record-version.entity.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import type { FoundRow } from './finding-rows.ts';

export type Place = Pick<RecordVersion, 'block' | 'position' | 'bytes' | 'risk'> & {
  segmentId: string;
  leaf: Uint8Array;
};

/** The next version of a record: where its content lies, and what was found there, or whose findings it takes over. */
export interface NextVersion extends Place, Attributes {
  findings: FoundRow[] | { of: StoredVersion };
  /** Of content that is new: what it says, see `contents`; null where no gate asked. */
  hash?: Uint8Array | null;
  sketch?: Uint8Array | null;
}

/** The content of a version once more, where it lies, with what is said and was found of it. */
export function takenOver(version: StoredVersion): NextVersion {
  const { segmentId, block, position, bytes, risk, leaf } = version;
  return { segmentId, block, position, bytes, risk, leaf, ...attributesOf(version), findings: { of: version } };
}

export interface Change {
  recordId: string;
  /** What the branch shows now; null when it shows nothing. */
  before: StoredVersion | null;
  /** Null: the record goes. */
  after: NextVersion | null;
}

/** What the new contents among these say. */
export function hashedIn(changes: readonly Change[]): HashedVersion[] {
  return changes.flatMap(({ recordId, after }) =>
    after?.hash ? [{ recordId, leaf: after.leaf, hash: after.hash }] : [],
  );
}

/** What the new contents among these are like. */
export function sketchedIn(changes: readonly Change[]): SketchedVersion[] {
  return changes.flatMap(({ recordId, after }) =>
    after?.sketch ? [{ recordId, leaf: after.leaf, sketch: after.sketch }] : [],
  );
}

/** From which split into which. */
export function splitOf({ before, after }: Change): { from: string | null; to: string | null } {
  return { from: before?.split ?? null, to: after?.split ?? null };
}

/** A commit that is to be. */
export interface Draft {
  author: Principal;
  message: string;
  /** Of each record once. */
  changes: Change[];
  /** Of other branches, that this one takes in. */
  otherParents?: Commit[];
  /** What was said of it before the gates look at it. */
  verdicts?: Verdict[];
  /** What the audit says of each change, and of which request it was. */
  acts: { action: string; recordId: string; context: RequestContext | undefined }[];
}
