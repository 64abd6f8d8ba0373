import type { KeyService } from '#crypto';
import type { Database } from '#database';
import type { BlobStore } from '#storage';
import { BranchScan } from './branch.scan.ts';
import { type CommitOnRecord, scanCommits } from './commit.scan.ts';
import { compareObjects } from './object.comparison.ts';
import { SegmentExamination } from './segment.examination.ts';
import { segmentsOf } from './segment.row.ts';
import { Findings, type VerificationReport } from './verification.report.ts';

/** Whether the audit of one tenant is intact, told by the room that keeps it. */
export interface AuditOpinion {
  ok: boolean;
  entries: number;
  problem: string | null;
}

export interface VerificationParts {
  database: Database;
  blobs: BlobStore;
  keys: KeyService;
  tenants: () => Promise<{ id: string }[]>;
  audit: (tenantId: string) => Promise<AuditOpinion>;
  /** What stands for a removed record among the leaves of a commit, told by the room that commits. */
  removalLeaf: (recordId: string) => Uint8Array;
  /** What is wrong with a commit by itself; null for nothing. Told by the same room. */
  commitFlaw: (commit: CommitOnRecord) => string | null;
}

/**
 * Goes over the whole vault and changes nothing. Servers may work meanwhile: what they do is not taken for damage.
 * Memory grows with the number of objects, and not with that of records.
 */
export class VaultVerification {
  private readonly parts: VerificationParts;

  constructor(parts: VerificationParts) {
    this.parts = parts;
  }

  /** @param deep whether every object is read and opened. @throws DatabaseUnavailable, StorageUnavailable */
  async run({ deep }: { deep: boolean }): Promise<VerificationReport> {
    const { database, blobs, keys, removalLeaf, commitFlaw } = this.parts;
    const findings = new Findings();
    const tenantIds = (await this.parts.tenants()).map(({ id }) => id);
    const compared = await compareObjects(database, blobs, tenantIds, findings);
    const examination = deep ? new SegmentExamination(database, blobs, keys, findings) : null;
    const missing = new Set(findings.damage.map(({ id }) => id));
    const counted = { records: 0, commits: 0, entries: 0 };
    for (const tenantId of tenantIds) {
      for (const branchId of await this.branchesOf(tenantId)) {
        const scan = new BranchScan({ database, findings, examination, removalLeaf }, tenantId, branchId);
        const { records, commits } = await scan.run();
        await scanCommits({ database, findings }, tenantId, branchId, commitFlaw);
        counted.records += records;
        counted.commits += commits;
      }
      if (examination) await this.openTheRest(tenantId, examination, missing);
      counted.entries += await this.audit(tenantId, findings);
    }
    return {
      ok: findings.count === 0,
      deep,
      tenants: tenantIds.length,
      ...compared,
      records: counted.records,
      commits: counted.commits,
      audit_entries: counted.entries,
      damage: once(findings.damage),
    };
  }

  private async branchesOf(tenantId: string): Promise<string[]> {
    const { database } = this.parts;
    const rows = await database.inTenant(tenantId, () =>
      database.query<{ id: string }>('SELECT id FROM branches ORDER BY id'),
    );
    return rows.map(({ id }) => id);
  }

  /** Segments no published record lies in: staged ones, and those of records that were replaced. */
  private async openTheRest(tenantId: string, examination: SegmentExamination, missing: Set<string>): Promise<void> {
    const began = new Date();
    for await (const row of segmentsOf(this.parts.database, tenantId)) {
      if (examination.seen.has(row.id) || missing.has(row.id) || isYounger(row.id, began)) continue;
      await examination.open(row);
    }
  }

  private async audit(tenantId: string, findings: Findings): Promise<number> {
    const { ok, entries, problem } = await this.parts.audit(tenantId);
    if (!ok) {
      const detail = `${problem ?? 'not intact'} after ${entries} good entries`;
      findings.add({ kind: 'audit-not-intact', id: tenantId, tenant: tenantId, detail });
    }
    return entries;
  }
}

/** Whether a UUID v7 was made since; what is written while we look may be cleared again while we look. */
function isYounger(id: string, time: Date): boolean {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) > time.getTime();
}

/** A missing object is noticed by its absence, and again by trying to open it. */
function once<T extends { kind: string; id: string }>(damage: readonly T[]): T[] {
  const seen = new Set<string>();
  return damage.filter(({ kind, id }) => !seen.has(`${kind} ${id}`) && seen.add(`${kind} ${id}`));
}
