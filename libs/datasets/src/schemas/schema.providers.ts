import { Audit } from '#audit';
import { Gatekeeper } from '#auth';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { TenantRules } from '#pii-rules';
import { DatasetRepository } from '../dataset.repository.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { BranchWriter } from '../writes/branch.writer.ts';
import { RecordRulesOf } from './record.rules.ts';
import { SchemaRepository } from './schema.repository.ts';
import type { SchemaPool } from './schema.tasks.ts';
import { SchemasService } from './schemas.service.ts';
import { StoredRecords } from './stored.records.ts';

const SAYING = [
  Database,
  DatasetRepository,
  SchemaRepository,
  Refs,
  BranchWriter,
  StoredRecords,
  SegmentPool,
  TenantRules,
  RecordRulesOf,
  Gatekeeper,
  Audit,
] as const;

/** What records of a dataset must be, and whether they are. */
export function schemaProviders(minConfidence: number): Provided[] {
  return [
    provided(SchemaRepository, [Database]),
    provided(RecordRulesOf, [Database, SchemaRepository, DatasetRepository]),
    providedBy(
      StoredRecords,
      [Database, RecordRepository, RecordReader, SegmentPool],
      (database, records, reader, pool) => new StoredRecords(database, records, reader, pool as unknown as SchemaPool),
    ),
    providedBy(SchemasService, SAYING, (...parts) => {
      const [database, datasets, schemas, refs, writer, stored, pool, piiRules, known, gatekeeper, audit] = parts;
      const looking = { stored, pool: pool as unknown as SchemaPool, piiRules, minConfidence, known };
      return new SchemasService({ database, datasets, schemas, refs, writer, ...looking, gatekeeper, audit });
    }),
  ];
}
