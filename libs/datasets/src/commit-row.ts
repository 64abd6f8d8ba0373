import { createHash } from 'node:crypto';
import { newId, uuidToBytes } from '#kernel';
import type { Branch } from './branch.entity.ts';
import type { Changes, Commit } from './commit.entity.ts';
import { commitHash } from './commit-hash.ts';
import type { Statistics } from './statistics.ts';

export interface CommitParts {
  authorId: string;
  message: string;
  merkleRoot: Buffer;
  changes: Changes;
  statistics: Statistics;
  /** Of other branches, that were merged in. */
  otherParents?: Commit[];
}

/** What a commit says of itself once it is published on top of another. */
export function publishedOn(
  parent: Commit,
  parts: CommitParts,
): Pick<Commit, 'state' | 'parentIds' | 'merkleRoot' | 'hash' | 'changes' | 'statistics' | 'publishedAt'> {
  const { authorId, message, merkleRoot, changes, statistics, otherParents = [] } = parts;
  const parents = [parent, ...otherParents];
  // Later than its parents whatever the clocks say, so that history by time is history.
  const publishedAt = new Date(Math.max(Date.now(), ...parents.map((each) => (each.publishedAt?.getTime() ?? 0) + 1)));
  const parentHashes = parents.flatMap(({ hash }) => (hash ? [hash] : []));
  return {
    state: 'published',
    parentIds: parents.map(({ id }) => id),
    merkleRoot,
    hash: commitHash({ authorId, message, merkleRoot, publishedAt, parentHashes }),
    changes,
    statistics,
    publishedAt,
  };
}

/** A commit on top of a branch that nobody else moves meanwhile. */
export function commitOn(
  { tenantId, datasetId, id: branchId }: Branch,
  place: Pick<Commit, 'seq' | 'hiddenSeqs'>,
  parent: Commit,
  parts: CommitParts,
): Commit {
  return {
    id: newId(),
    tenantId,
    datasetId,
    branchId,
    ...place,
    authorId: parts.authorId,
    message: parts.message,
    visibleSeq: place.seq,
    gates: null,
    signature: null,
    jobId: null,
    leaseUntil: null,
    createdAt: new Date(),
    ...publishedOn(parent, parts),
  };
}

/** What stands for a removed record among the leaves of a commit; it says nothing of what the record held. */
export function removalLeaf(recordId: string): Buffer {
  return createHash('sha256').update(Buffer.of(2)).update(uuidToBytes(recordId)).digest();
}
