import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import { type CommitSignature, isSigned, keyFingerprint } from '../commit-signature.ts';
import type { CommitsService } from './commits.service.ts';
import type { RefNames } from './ref.names.ts';
import { CommitSigned, SignatureOfOthers, SignatureWrong } from './version.errors.ts';

/** In one statement: of two that sign at once one is told that it is signed. */
const SIGN = 'UPDATE commits SET signature = $2 WHERE id = $1 AND signature IS NULL RETURNING 1 AS one';

export interface CommitSigningParts {
  database: Database;
  commits: CommitsService;
  names: RefNames;
}

/** Signatures of commits by those who made them, with keys of their own. */
export class CommitSigningService {
  constructor(private readonly parts: CommitSigningParts) {}

  /** The same once more is no change. @throws DatasetNotFound, RefNotFound, SignatureOfOthers, SignatureWrong, CommitSigned */
  sign(
    caller: Principal,
    datasetId: string,
    commitId: string,
    sent: Pick<CommitSignature, 'publicKey' | 'signature'>,
  ): Promise<Commit> {
    const { database, commits, names } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const commit = await commits.get(caller, datasetId, commitId);
      if (commit.authorId !== caller.id) throw new SignatureOfOthers();
      if (!isSigned(commit, sent)) throw new SignatureWrong();
      const signature = { ...sent, signedAt: new Date().toISOString() };
      if ((await database.query(SIGN, [commitId, JSON.stringify(signature)])).length === 0) {
        const { signature: there } = await commits.get(caller, datasetId, commitId);
        if (there?.signature === sent.signature && there.publicKey === sent.publicKey) return commit;
        throw new CommitSigned();
      }
      const details = { commit: showId('cm', commitId), key: keyFingerprint(sent.publicKey) };
      await names.tell(caller, 'commit.sign', datasetId, details);
      return Object.assign(commit, { signature });
    });
  }
}
