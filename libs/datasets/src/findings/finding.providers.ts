import { Audit } from '#audit';
import { Gatekeeper } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { AllowedValuesService, PlainReasons, TenantRules } from '#pii-rules';
import { DatasetRepository } from '../dataset.repository.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { DecisionsService, type FindingPool } from './decisions.service.ts';
import { FindingRepository } from './finding.repository.ts';
import { FindingsService } from './findings.service.ts';

const DECIDING = [
  Database,
  FindingRepository,
  RecordRepository,
  RecordReader,
  SegmentPool,
  KeyService,
  TenantRules,
  AllowedValuesService,
  PlainReasons,
  Gatekeeper,
  Audit,
] as const;

/** Findings, and what people say of them. */
export function findingProviders(minConfidence: number): Provided[] {
  return [
    provided(FindingRepository, [Database]),
    providedBy(
      FindingsService,
      [Database, DatasetRepository, FindingRepository, Refs, Gatekeeper],
      (database, datasets, findings, refs, gatekeeper) =>
        new FindingsService({ database, datasets, findings, refs, gatekeeper }),
    ),
    providedBy(DecisionsService, DECIDING, (...parts) => {
      const [database, findings, records, reader, pool, keys, rules, allowed, reasons, gatekeeper, audit] = parts;
      const read = { database, findings, records, reader, pool: pool as unknown as FindingPool, keys };
      return new DecisionsService({ ...read, rules, allowed, reasons, gatekeeper, audit, minConfidence });
    }),
  ];
}
