import type { Database } from '#database';
import { showId } from '#kernel';
import type { Findings } from './verification.report.ts';

/** A published commit as it is stored. */
export interface CommitOnRecord {
  id: string;
  hash: Buffer;
  merkleRoot: Buffer;
  authorId: string;
  message: string;
  publishedAt: Date;
  signature: { publicKey: string; signature: string; signedAt: string } | null;
  parentHashes: Buffer[];
}

const PAGE = 1000;
const FIRST = '00000000-0000-0000-0000-000000000000';
const COMMITS = `SELECT * FROM (
    SELECT c.id, c.hash, c.merkle_root AS "merkleRoot", c.author_id AS "authorId", c.message, c.signature,
      c.published_at AS "publishedAt", cardinality(c.parent_ids) AS parents,
      ARRAY(SELECT p.hash FROM unnest(c.parent_ids) WITH ORDINALITY AS u (id, place) JOIN commits p ON p.id = u.id
        WHERE p.hash IS NOT NULL ORDER BY u.place) AS "parentHashes"
    FROM commits c
    WHERE c.branch_id = $1 AND c.state = 'published' AND c.hash IS NOT NULL AND c.id > $2 ORDER BY c.id LIMIT ${PAGE}) AS page`;

/** Of one branch: whether each commit still is what its hash and its signature say. */
export async function scanCommits(
  { database, findings }: { database: Database; findings: Findings },
  tenantId: string,
  branchId: string,
  flaw: (commit: CommitOnRecord) => string | null,
): Promise<void> {
  for (let after = FIRST; ;) {
    const rows = await database.inTenant(tenantId, () =>
      database.query<CommitOnRecord & { parents: number }>(COMMITS, [branchId, after]),
    );
    for (const row of rows) {
      // Without all of its parents nobody can tell.
      const detail = row.parentHashes.length === row.parents ? flaw(row) : null;
      if (detail) findings.add({ kind: 'commit-does-not-match', id: showId('cm', row.id), tenant: tenantId, detail });
    }
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}
