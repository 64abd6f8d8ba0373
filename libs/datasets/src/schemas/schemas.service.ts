import type { Audit } from '#audit';
import type { Gatekeeper } from '#auth';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { TenantRules } from '#pii-rules';
import { RefNotFound, VersionConflict } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Refs } from '../refs.ts';
import type { BranchWriter } from '../writes/branch.writer.ts';
import type { DatasetSchema } from './dataset-schema.entity.ts';
import type { RecordKind } from './record-kinds.ts';
import { type RecordRulesOf, rulesOf } from './record.rules.ts';
import { SchemaIncompatible, SchemaInvalid, SchemaNotFound } from './schema.errors.ts';
import type { SchemaRepository } from './schema.repository.ts';
import type { SchemaPool } from './schema.tasks.ts';
import { MAX_SCHEMA_BYTES } from './schema.walk.ts';
import type { StoredRecords } from './stored.records.ts';

export interface NewSchema {
  recordKind: RecordKind;
  schema: Record<string, unknown> | null;
  /** Also when records that are there do not fit. */
  force: boolean;
}

export interface SchemasParts {
  database: Database;
  datasets: DatasetRepository;
  schemas: SchemaRepository;
  refs: Refs;
  writer: Pick<BranchWriter, 'hold'>;
  stored: Pick<StoredRecords, 'unfitIn'>;
  pool: SchemaPool;
  piiRules: Pick<TenantRules, 'of'>;
  minConfidence: number;
  known: RecordRulesOf;
  gatekeeper: Pick<Gatekeeper, 'demand'>;
  audit: Audit;
}

/** Tries at a branch that others keep writing to while what is on it is looked at. */
const TRIES = 3;

/** What the records of a dataset must be. */
export class SchemasService {
  constructor(private readonly parts: SchemasParts) {}

  /** The one that holds, or an earlier one; null where none ever did. @throws DatasetNotFound, SchemaNotFound */
  get(caller: Principal, datasetId: string, version?: number): Promise<DatasetSchema | null> {
    const { database, schemas } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await this.parts.datasets.mustFind(datasetId);
      if (version === undefined) return schemas.current(datasetId);
      const found = await schemas.find(datasetId, version);
      if (!found) throw new SchemaNotFound();
      return found;
    });
  }

  /**
   * Makes a schema the one that holds, if everything on the default branch is what it asks for. To go without that takes
   * the right to protect branches.
   *
   * @throws DatasetNotFound, SchemaInvalid, SchemaIncompatible, VersionConflict, Forbidden
   */
  async put(caller: Principal, datasetId: string, { recordKind, schema, force }: NewSchema): Promise<DatasetSchema> {
    const { database, gatekeeper, known, refs, stored } = this.parts;
    if (force) await gatekeeper.demand(caller, 'dataset:protect', { dataset: datasetId }, showId('ds', datasetId));
    const text = schema && JSON.stringify(schema);
    if (text !== null) await this.mustBeSchema(caller.tenantId, text);
    const rules = rulesOf(datasetId, { version: -1, recordKind, schema: text });
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const head = await database.inTenant(caller.tenantId, () => refs.resolveBranch(datasetId, undefined));
      if (rules && !force) {
        // By a name that no other schema has: threads keep what they made ready.
        const tried = { ...rules, id: `${datasetId} ${head.commit.id} ${text ?? recordKind}` };
        const { count, issues } = await stored.unfitIn(caller.tenantId, tried, head.layers);
        if (count > 0) throw new SchemaIncompatible(count).with({ issues });
      }
      const made = await this.insert(caller, datasetId, { recordKind, schema: text, force, head: head.commit.id });
      known.forget(caller.tenantId, datasetId);
      if (made) return made;
    }
    throw new VersionConflict();
  }

  /** Null when the branch has moved on since it was looked at. */
  private insert(
    caller: Principal,
    datasetId: string,
    {
      recordKind,
      schema,
      force,
      head,
    }: { recordKind: RecordKind; schema: string | null; force: boolean; head: string },
  ): Promise<DatasetSchema | null> {
    const { database, writer, schemas, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const held = await writer.hold(datasetId, undefined);
      if (!held) throw new RefNotFound();
      if (held.head.id !== head && !force) return null;
      const version = held.schemaVersion + 1;
      const { tenantId, id: createdBy } = caller;
      await schemas.insert({ tenantId, datasetId, version, recordKind, schema, createdBy });
      const details = { version, record_kind: recordKind, forced: force };
      await audit.append(caller, { action: 'dataset.schema', resource: showId('ds', datasetId), details });
      return (await schemas.find(datasetId, version))!;
    });
  }

  private async mustBeSchema(tenantId: string, schema: string): Promise<void> {
    const { pool, piiRules, minConfidence } = this.parts;
    if (Buffer.byteLength(schema) > MAX_SCHEMA_BYTES) {
      throw new SchemaInvalid().with({ issues: [{ pointer: '/schema', detail: 'Expected at most 64 KiB' }] });
    }
    const rules = await piiRules.of(tenantId);
    const { issues } = await pool.run({ kind: 'schema-try', schema, minConfidence, rules });
    if (issues.length > 0) throw new SchemaInvalid().with({ issues });
  }
}
