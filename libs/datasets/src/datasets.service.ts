import type { Audit } from '#audit';
import { type Classification, FIRST_CLASSIFICATION, type Gatekeeper } from '#auth';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import type { Outbox } from '#queue';
import { atVersion, VersionMismatch } from '#rest';
import { commitHash, emptyRoot } from './commit-hash.ts';
import type { Dataset } from './dataset.entity.ts';
import { DatasetNameTaken } from './dataset.errors.ts';
import type { DatasetRepository } from './dataset.repository.ts';
import type { LineageEdge } from './lineage-edge.entity.ts';
import type { RecordKind } from './schemas/record-kinds.ts';
import type { SchemaRepository } from './schemas/schema.repository.ts';
import { emptyStatistics } from './statistics.ts';

export interface NewDataset {
  name: string;
  description?: string;
  classification?: Classification;
  recordKind?: RecordKind;
}

/** Datasets: named histories of records. */
export class DatasetsService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly audit: Audit,
    private readonly outbox: Outbox,
    private readonly gatekeeper: Gatekeeper,
    private readonly schemas: Pick<SchemaRepository, 'insert'>,
  ) {}

  /**
   * Makes a dataset with branch `main` and an empty first commit, so that a ref always leads somewhere.
   *
   * @throws DatasetNameTaken
   */
  create(caller: Principal, dataset: NewDataset): Promise<Dataset> {
    return this.naming(() => this.database.inTenant(caller.tenantId, () => this.ofKind(caller, dataset)));
  }

  /** Says in our words that a name is taken, when that is why a transaction failed. @throws DatasetNameTaken */
  async naming<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (violates(error, 'datasets_tenant_id_name_key')) throw new DatasetNameTaken();
      throw error;
    }
  }

  /** @throws DatasetNotFound */
  async get(caller: Principal, id: string): Promise<Dataset> {
    return this.database.inTenant(caller.tenantId, () => this.datasets.mustFind(id));
  }

  /** Those the caller may see, oldest first. @throws BadCursor */
  list(caller: Principal, limit: number, cursor?: string, count = false): Promise<Page<Dataset>> {
    return this.database.inTenant(caller.tenantId, async () => {
      const reach = this.gatekeeper.reach(caller, 'dataset:read');
      const rows = await this.datasets.page(reach, limit + 1, idAfter(cursor));
      const total = count ? await this.datasets.count(reach) : undefined;
      return { ...pageById(rows, limit), total };
    });
  }

  /** What it was made from, and what was made from it, as far as the caller may see that. @throws DatasetNotFound */
  lineage(caller: Principal, id: string): Promise<LineageEdge[]> {
    return this.database.inTenant(caller.tenantId, async () => {
      await this.datasets.mustFind(id);
      const edges = await this.datasets.lineage(id);
      const others = edges.flatMap((edge) => [edge.fromDatasetId, edge.toDatasetId]);
      const seen = await this.datasets.among(this.gatekeeper.reach(caller, 'dataset:read'), others);
      return edges.filter((edge) => seen.has(edge.fromDatasetId) && seen.has(edge.toDatasetId));
    });
  }

  /** Says what it is called; of what is left out nothing changes. @throws DatasetNotFound, DatasetNameTaken, VersionMismatch */
  change(
    caller: Principal,
    id: string,
    { name, description }: Partial<Pick<Dataset, 'name' | 'description'>>,
    version?: number,
  ): Promise<Dataset> {
    const change = { ...(name !== undefined && { name }), ...(description !== undefined && { description }) };
    const work = async (): Promise<Dataset> => {
      const before = atVersion(await this.datasets.mustFind(id), version);
      if (Object.keys(change).length === 0) return before;
      if (!(await this.datasets.change(id, change, before.version))) throw new VersionMismatch();
      const details = { changed: Object.keys(change).join(', ') };
      await this.audit.append(caller, { action: 'dataset.update', resource: showId('ds', id), details });
      return this.datasets.mustFind(id);
    };
    return this.naming(() => this.database.inTenant(caller.tenantId, work));
  }

  /** Says how guarded it is. @throws DatasetNotFound */
  classify(caller: Principal, id: string, classification: Classification): Promise<Dataset> {
    return this.database.inTenant(caller.tenantId, async () => {
      const { classification: before } = await this.datasets.mustFind(id);
      await this.datasets.change(id, { classification });
      const details = { before, classification };
      await this.audit.append(caller, { action: 'dataset.classify', resource: showId('ds', id), details });
      return this.datasets.mustFind(id);
    });
  }

  /** Makes a dataset in the running transaction. */
  async insert(caller: Principal, wanted: Omit<NewDataset, 'recordKind'>): Promise<Dataset> {
    const { tenantId } = caller;
    const [id, branchId, commitId] = [newId(), newId(), newId()];
    await this.datasets.insert({
      id,
      tenantId,
      name: wanted.name,
      description: wanted.description ?? '',
      classification: wanted.classification ?? FIRST_CLASSIFICATION,
      defaultBranch: 'main',
      version: 1,
      createdBy: caller.id,
    });
    await this.datasets.insertBranch({
      id: branchId,
      tenantId,
      datasetId: id,
      name: 'main',
      headCommitId: commitId,
      nextSeq: 1,
    });
    const first = { parentIds: [], authorId: caller.id, message: 'Create dataset', publishedAt: new Date() };
    await this.datasets.insertCommit({
      ...first,
      id: commitId,
      tenantId,
      datasetId: id,
      branchId,
      seq: 0,
      state: 'published',
      visibleSeq: 0,
      merkleRoot: emptyRoot(),
      hash: commitHash({ ...first, parentHashes: [], merkleRoot: emptyRoot() }),
      changes: { added: 0 },
      statistics: emptyStatistics(),
    });
    await this.audit.append(caller, { action: 'dataset.create', resource: showId('ds', id) });
    await this.outbox.tell(tenantId, 'dataset.created', { dataset_id: showId('ds', id) });
    return this.datasets.mustFind(id);
  }

  private async ofKind(caller: Principal, { recordKind = 'free', ...wanted }: NewDataset): Promise<Dataset> {
    const dataset = await this.insert(caller, wanted);
    if (recordKind === 'free') return dataset;
    const { id: datasetId, tenantId } = dataset;
    await this.schemas.insert({ tenantId, datasetId, version: 1, recordKind, schema: null, createdBy: caller.id });
    return this.datasets.mustFind(datasetId);
  }
}
