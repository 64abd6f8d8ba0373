import { type CommitFacts, commitHash } from './commit-hash.ts';
import { type CommitSignature, isSigned } from './commit-signature.ts';

/** A commit as it is stored, with the hashes of all its parents. */
export interface StoredCommit extends CommitFacts {
  id: string;
  hash: Buffer;
  signature: CommitSignature | null;
}

/** What about it is no longer as it was published and signed; null for nothing. */
export function commitFlaw(commit: StoredCommit): string | null {
  if (!commitHash(commit).equals(commit.hash))
    return 'its hash is not that of its parents, root, author, message and time';
  if (commit.signature && !isSigned(commit, commit.signature)) return 'its signature is not one over its hash';
  return null;
}
