import type { Database } from '#database';
import { bytesToUuid, newId, type Principal } from '#kernel';
import type { BlobStore } from '#storage';
import type { Branch } from './branch.entity.ts';
import type { CommitWriter, StagedCommit } from './commit.writer.ts';
import { VersionConflict } from './dataset.errors.ts';
import type { DatasetRepository } from './dataset.repository.ts';
import type { TraceRepository } from './contents/trace.repository.ts';
import type { Traces } from './contents/traces.ts';
import { type Gate, gatesOf, mayHold, tracesOf } from './gates/gate.ts';
import type { Import } from './import.entity.ts';
import type { ImportRepository } from './import.repository.ts';
import type { IngestTarget } from './ingest/segment.keeper.ts';
import { idRange } from './ingest/record-id.ts';
import type { Holding } from './quarantine/holding.ts';
import type { QuarantineRepository } from './quarantine/quarantine.repository.ts';
import type { RecordRepository } from './record.repository.ts';

export interface StagedImportParts {
  database: Database;
  datasets: DatasetRepository;
  imports: ImportRepository;
  records: RecordRepository;
  commits: Pick<CommitWriter, 'stage'>;
  holding: Holding;
  quarantine: Pick<QuarantineRepository, 'clear'>;
  traces: Pick<TraceRepository, 'clear'>;
  blobs: Pick<BlobStore, 'delete'>;
}

export interface BeginImport {
  author: Principal;
  branch: Branch;
  message: string;
}

/** The places that imports write to before they are published: on a branch, and beside it for what gates hold back. */
export class StagedImports {
  constructor(private readonly parts: StagedImportParts) {}

  begin({ author, branch, message }: BeginImport): Promise<IngestTarget> {
    const { database, commits, holding, imports } = this.parts;
    const { tenantId, datasetId } = branch;
    const startMs = Date.now();
    const range = idRange(startMs);
    return database.inTenant(tenantId, async () => {
      const commit = await commits.stage(author, branch, message);
      const { gates, traces } = await this.gatesOf(branch);
      const held = gates && (await holding.stage(author, { tenantId, datasetId }, message));
      const importId = newId();
      await imports.insert({
        id: importId,
        tenantId,
        datasetId,
        commitId: commit.id,
        heldCommitId: held && held.id,
        firstRecordId: bytesToUuid(range.first),
        lastRecordId: bytesToUuid(range.last),
        createdBy: author.id,
      });
      return { importId, commit, startMs, hold: held && { gates, branch: branch.name!, commit: held }, traces };
    });
  }

  /** The same for one of which nothing is to be kept. */
  async trial({ author, branch, message }: BeginImport): Promise<IngestTarget> {
    const { tenantId, datasetId } = branch;
    const commit: StagedCommit = { id: newId(), tenantId, datasetId, branchId: branch.id, seq: 0, message, author };
    const { gates, traces } = await this.parts.database.inTenant(tenantId, () => this.gatesOf(branch));
    const hold = gates && { gates, branch: branch.name!, commit };
    return { importId: newId(), commit, startMs: Date.now(), hold, traces };
  }

  /** In the transaction that publishes: what was held back counts from then on. @throws VersionConflict */
  async keepHeld({ hold }: IngestTarget, quarantined: number): Promise<void> {
    if (!hold) return;
    if (quarantined === 0) return this.parts.holding.drop(hold.commit.id);
    if (!(await this.parts.holding.keep(hold.commit.id, quarantined))) throw new VersionConflict();
  }

  /** Takes away what an import staged, and says that it failed. Rows go before blobs: nothing names what is gone. */
  async clear(row: Import, failure: string): Promise<void> {
    const { database, datasets, imports, quarantine, blobs } = this.parts;
    const segments = await database.inTenant(row.tenantId, async () => {
      // The commit before the import, as publishing does it: the other way round the two could wait for each other.
      const commit = await datasets.abandon(row.commitId);
      if (!commit) return [];
      await imports.update(row.id, { state: 'failed', failure, finishedAt: new Date() });
      const held = row.heldCommitId && (await datasets.abandon(row.heldCommitId));
      if (held) await quarantine.clear(held.id);
      return [...(await this.clearUnder(commit, row)), ...(held ? await this.clearUnder(held, row) : [])];
    });
    for (const id of segments) await blobs.delete(id);
  }

  private async clearUnder(
    commit: { id: string; datasetId: string; branchId: string; seq: number },
    { firstRecordId, lastRecordId }: Import,
  ): Promise<string[]> {
    const { records, traces } = this.parts;
    const segments = await records.segmentIdsOf(commit.id);
    await traces.clear(commit, firstRecordId, lastRecordId);
    await records.clear(commit, firstRecordId, lastRecordId);
    return segments;
  }

  /** Those before the branch, if any of them may hold something back; and what any of the dataset has to know. */
  private async gatesOf({ datasetId, name }: Branch): Promise<{ gates: Gate[] | null; traces: Traces }> {
    const { gates: all } = await this.parts.datasets.mustFind(datasetId);
    const gates = gatesOf(all, name);
    return { gates: mayHold(gates) ? gates : null, traces: tracesOf(all) };
  }
}
