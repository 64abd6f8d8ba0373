// What specs of this room stand on: its parts put together on a database of their own, with records sealed in place.
import { randomBytes } from 'node:crypto';
import { Audit, AuditEvent } from '#audit';
import { authEntities, TenantKeyRepository, UserRepository } from '#auth';
import { keyringFromMasterKey, KeyService, LocalKeyManagement } from '#crypto';
import type { Database } from '#database';
import { newId, type Principal, SystemClock } from '#kernel';
import { Job, Outbox, OutboxEvent } from '#queue';
import { MemoryBlobStore } from '#storage';
import { openGatekeeper } from '../../../test/support/gatekeeper.ts';
import { type Kind, openTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { Branch } from './branch.entity.ts';
import { BranchRepository } from './branch.repository.ts';
import { Commit } from './commit.entity.ts';
import { ContentHash, ContentHashing } from './contents/content-hash.entity.ts';
import { ContentSketch, ContentSketching } from './contents/content-sketch.entity.ts';
import { ContentSketchRepository } from './contents/content-sketch.repository.ts';
import { ContentSketchingRepository } from './contents/content-sketching.repository.ts';
import { TraceRepository } from './contents/trace.repository.ts';
import { ContentHashRepository } from './contents/content-hash.repository.ts';
import { CommitWriter } from './commit.writer.ts';
import { Dataset } from './dataset.entity.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { DatasetsService } from './datasets.service.ts';
import { Duplicate, DuplicateSearch } from './duplicates/duplicate.entity.ts';
import { openExports, withoutViews } from './export/opened-exports.contract.ts';
import { FindingRow } from './finding.entity.ts';
import { FindingDecision } from './findings/finding-decision.entity.ts';
import { Import, ImportError } from './import.entity.ts';
import { LineageEdge } from './lineage-edge.entity.ts';
import { Leak, LeakageReport } from './leakage/leak.entity.ts';
import { MergeRequest, MergeReview } from './requests/merge-request.entity.ts';
import { HeldWrites } from './quarantine/held.writes.ts';
import { Holding } from './quarantine/holding.ts';
import { QuarantineRepository } from './quarantine/quarantine.repository.ts';
import { RecordHistory } from './record.history.ts';
import { RecordReader } from './record.reader.ts';
import { RecordRepository } from './record.repository.ts';
import { RecordVersion } from './record-version.entity.ts';
import { RecordsService } from './records.service.ts';
import { Refs } from './refs.ts';
import { Segment } from './segment.entity.ts';
import { DatasetSchema } from './schemas/dataset-schema.entity.ts';
import { RecordRulesOf } from './schemas/record.rules.ts';
import { SchemaRepository } from './schemas/schema.repository.ts';
import { performSchemaTask, type SchemaPool, type SchemaTask } from './schemas/schema.tasks.ts';
import { StoredRecords } from './schemas/stored.records.ts';
import { GateJudge } from './gates/gate.judge.ts';
import { Balances } from './gates/balances.ts';
import { type LeakParts, Leaks } from './gates/leaks.ts';
import { Nears } from './gates/nears.ts';
import { type RepeatParts, Repeats } from './gates/repeats.ts';
import { GateRepository } from './gates/gate.repository.ts';
import { SegmentReader } from './segment.reader.ts';
import { Tag } from './tag.entity.ts';
import { TagRepository } from './tag.repository.ts';
import { Upload, UploadedFile, UploadPart } from './uploads/upload.entity.ts';
import { BranchesService } from './versions/branches.service.ts';
import { CommitsService } from './versions/commits.service.ts';
import { DifferenceRepository } from './versions/difference.repository.ts';
import { DifferencesService } from './versions/differences.service.ts';
import { MergeBase } from './versions/merge-base.ts';
import { MergeContents } from './versions/merge.contents.ts';
import { MergeForesight } from './versions/merge.foresight.ts';
import { MergePlanner } from './versions/merge.planner.ts';
import { MergesService } from './versions/merges.service.ts';
import { RefNames } from './versions/ref.names.ts';
import { TagsService } from './versions/tags.service.ts';
import { BranchWriter } from './writes/branch.writer.ts';
import { ChangeRepository } from './writes/change.repository.ts';
import { RecordSealer } from './writes/record.sealer.ts';
import { RecordWriter } from './writes/record.writer.ts';
import { sealRecords } from './writes/seal-records.ts';
import { WriteCommitter } from './writes/write.committer.ts';
import { WriteLanes } from './writes/write.lanes.ts';

export const roomEntities = [
  Dataset,
  DatasetSchema,
  Branch,
  Commit,
  LineageEdge,
  Segment,
  RecordVersion,
  FindingRow,
  FindingDecision,
  Import,
  ImportError,
  Tag,
  MergeRequest,
  MergeReview,
  Upload,
  UploadPart,
  UploadedFile,
  DuplicateSearch,
  Duplicate,
  LeakageReport,
  Leak,
  ContentHash,
  ContentHashing,
  ContentSketch,
  ContentSketching,
  ...authEntities,
  AuditEvent,
  OutboxEvent,
  Job,
];

export type OpenedDatasets = Awaited<ReturnType<typeof openDatasets>>;

export async function openDatasets(kind: Kind) {
  const place: TestDatabase = await openTestDatabase(kind, roomEntities);
  const { database } = place;
  const caller: Principal = { id: newId(), tenantId: newId(), permissions: new Set(['dataset:read']) };
  await database.inTenant(caller.tenantId, () =>
    new UserRepository(database).insertTenant({ id: caller.tenantId, slug: caller.tenantId, name: 'One' }),
  );
  return { place, database, caller, ...assemble(database) };
}

function contentParts(database: Database): RepeatParts & LeakParts {
  return {
    hashes: new ContentHashRepository(database),
    records: new RecordRepository(database),
    datasets: new DatasetRepository(database),
    branches: new BranchRepository(database),
  };
}

export function openRepeats(database: Database): Repeats {
  return new Repeats(contentParts(database));
}

export function openTraces(database: Database): TraceRepository {
  return new TraceRepository(database, new ContentHashRepository(database), new ContentSketchRepository(database));
}

function openNears(database: Database): Nears {
  const [sketches, sketchings] = [new ContentSketchRepository(database), new ContentSketchingRepository(database)];
  return new Nears({ ...contentParts(database), sketches, sketchings });
}

function openLeaks(database: Database): Leaks {
  return new Leaks(contentParts(database));
}

function openBalances(database: Database): Balances {
  const [gates, datasets, branches] = [
    new GateRepository(database),
    new DatasetRepository(database),
    new BranchRepository(database),
  ];
  return new Balances({ gates, datasets, branches });
}

export function openJudge(database: Database, repeats = openRepeats(database)): GateJudge {
  return new GateJudge(new GateRepository(database), {
    repeats,
    nears: openNears(database),
    leaks: openLeaks(database),
    balances: openBalances(database),
  });
}

export function assemble(database: Database) {
  const kms = new LocalKeyManagement(keyringFromMasterKey(randomBytes(32).toString('base64')));
  const keys = new KeyService(
    kms,
    new TenantKeyRepository(database),
    { size: 1000, ttlSeconds: 300 },
    new SystemClock(),
  );
  const blobs = new MemoryBlobStore();
  const [audit, outbox] = [new Audit(database), new Outbox(database)];
  const datasets = new DatasetRepository(database);
  const branches = new BranchRepository(database);
  const rows = new RecordRepository(database);
  const tags = new TagRepository(database);
  const refs = new Refs(datasets, branches, tags);
  const reader = new RecordReader(database, rows, new SegmentReader(blobs, keys));
  const pool = { run: async (task: Parameters<typeof sealRecords>[0]) => sealRecords(structuredClone(task)) };
  const sealer = new RecordSealer(blobs, keys, pool, { of: () => Promise.resolve(null) }, 0.5);
  const traces = openTraces(database);
  const repeats = openRepeats(database);
  const judge = openJudge(database, repeats);
  const changes = new ChangeRepository(database);
  const branchWriter = new BranchWriter({ database, branches, records: rows, changes, traces, audit, outbox, judge });
  const schemas = new SchemaRepository(database);
  const recordRules = new RecordRulesOf(database, schemas, datasets);
  const schemaPool = { run: (task: SchemaTask) => Promise.resolve(performSchemaTask(task)) } as SchemaPool;
  const stored = new StoredRecords(database, rows, reader, schemaPool);
  const holding = new Holding(database, datasets, { counted: () => undefined });
  const heldWrites = new HeldWrites(holding, new QuarantineRepository(database), rows, changes, traces, audit);
  const committer = new WriteCommitter(database, datasets, rows, branchWriter, heldWrites, {
    repeats,
    nears: openNears(database),
    leaks: openLeaks(database),
    balances: openBalances(database),
  });
  const lanes = new WriteLanes(sealer, committer, recordRules);
  const differences = new DifferencesService({
    database,
    records: rows,
    reader,
    refs,
    differences: new DifferenceRepository(database),
    audit,
  });
  const contents = new MergeContents(sealer, recordRules, stored);
  const planner = new MergePlanner(database, rows, differences, new MergeBase(database, datasets, refs));
  const foresight = new MergeForesight(database, contents, judge);
  const names = new RefNames(database, datasets, tags, audit);
  return {
    keys,
    blobs,
    audit,
    outbox,
    datasets,
    branches,
    rows,
    refs,
    reader,
    sealer,
    branchWriter,
    recordRules,
    lanes,
    creating: new DatasetsService(database, datasets, audit, outbox, openGatekeeper(database), schemas),
    commits: new CommitWriter(database, datasets, audit, outbox, judge),
    records: new RecordsService(database, rows, withoutViews(reader), refs, audit, new RecordHistory(database)),
    exported: openExports({ database, records: rows, reader, refs, audit }),
    history: new CommitsService(database, datasets, refs),
    naming: new BranchesService({ database, datasets, branches, refs, names }),
    tagging: new TagsService({ database, tags, refs, names }),
    differences,
    merging: new MergesService({
      database,
      refs,
      planner,
      contents,
      foresight,
      writer: branchWriter,
      audit,
    }),
    writer: new RecordWriter({ database, records: rows, reader, refs, lanes }),
  };
}
