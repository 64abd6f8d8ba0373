import { createHash } from 'node:crypto';
import type { Principal, RequestContext } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import type { Attributes } from './attributes.ts';
import type { Place } from './change.ts';
import type { Sealed } from './record.sealer.ts';

/** Where a write goes. */
export interface WriteTarget {
  tenantId: string;
  datasetId: string;
  /** The default branch when left out. */
  branch?: string;
}

export interface NewBody {
  /** JSON, as it is kept. */
  line: Uint8Array;
  attributes: Attributes;
}

/** One change of one record, as somebody asked for it. */
export interface Write {
  author: Principal;
  message: string;
  context: RequestContext | undefined;
  action: 'record.create' | 'record.replace' | 'record.patch' | 'record.delete';
  recordId: string;
  /** Tags of versions of which one must be the present one; null when any will do. */
  ifMatch: readonly string[] | null;
  /** Null: the record goes. */
  body: NewBody | null;
}

export interface PreparedWrite extends Write {
  sealed: Sealed | null;
}

/** What came of a write. */
export interface Written {
  recordId: string;
  /** Which did it; where the write is held back, the one at which the branch stays. */
  commit: Commit;
  /** What is known of the new version; null when the record went. */
  version: (Place & Attributes) | null;
  /** Where a gate holds the new version back: it is on no branch. */
  held?: { id: string; types: readonly string[] };
}

/** Names a version of a record, on whatever branch it is: by its commitment, and by its split, which changes without it. */
export function etagOf({ leaf, split }: { leaf: Uint8Array; split: string | null }): string {
  const name = split === null ? leaf : createHash('sha256').update(leaf).update(split).digest();
  return `"${Buffer.from(name.subarray(0, 16)).toString('hex')}"`;
}
