import { createHash } from 'node:crypto';

export interface CommitFacts {
  parentHashes: Uint8Array[];
  merkleRoot: Uint8Array;
  authorId: string;
  message: string;
  publishedAt: Date;
}

/** RFC 6962 section 2.1: the root of a tree without leaves. */
export function emptyRoot(): Buffer {
  return createHash('sha256').digest();
}

/**
 * SHA-256 over what a commit is, each part with its length in front (big-endian 32 bits), so that no two commits give
 * the same input. Through the parents' hashes it stands for the whole history.
 */
export function commitHash(facts: CommitFacts): Buffer {
  const hash = createHash('sha256').update('vault/commit/v1');
  const parts = [
    Buffer.concat(facts.parentHashes),
    facts.merkleRoot,
    Buffer.from(facts.authorId),
    Buffer.from(facts.message),
    Buffer.from(facts.publishedAt.toISOString()),
  ];
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    hash.update(length).update(part);
  }
  return hash.digest();
}
