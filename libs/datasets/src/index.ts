// datasets: datasets, records, commits, import, export, anonymize: the product itself.
import { Branch } from './branch.entity.ts';
import { Commit } from './commit.entity.ts';
import { ContentHash, ContentHashing } from './contents/content-hash.entity.ts';
import { ContentSketch, ContentSketching } from './contents/content-sketch.entity.ts';
import { Dataset } from './dataset.entity.ts';
import { Duplicate, DuplicateSearch } from './duplicates/duplicate.entity.ts';
import { FindingRow } from './finding.entity.ts';
import { FindingDecision } from './findings/finding-decision.entity.ts';
import { Import, ImportError } from './import.entity.ts';
import { LineageEdge } from './lineage-edge.entity.ts';
import { MergeRequest, MergeReview } from './requests/merge-request.entity.ts';
import { QuarantineItem } from './quarantine/quarantine-item.entity.ts';
import { RecordVersion } from './record-version.entity.ts';
import { DatasetSchema } from './schemas/dataset-schema.entity.ts';
import { LeftoverObject } from './leftover-object.entity.ts';
import { Leak, LeakageReport } from './leakage/leak.entity.ts';
import { Segment } from './segment.entity.ts';
import { Tag } from './tag.entity.ts';
import { Upload, UploadedFile, UploadPart } from './uploads/upload.entity.ts';

export { DatasetsModule } from './datasets.module.ts';
export { FILE_TYPES, JSON_FILE } from './formats/import-format.ts';
export type { DatasetsOptions } from './datasets.module.ts';
export { CompactionCounters } from './compaction/compaction.counters.ts';
export { PurgeCounters } from './purge/purge.counters.ts';
export { ImportCounters } from './import.counters.ts';
export { QUARANTINE_OUTCOMES, QuarantineCounters } from './quarantine/quarantine.counters.ts';
export { StoredBytes } from './stored-bytes.ts';
export { commitFlaw } from './commit-flaw.ts';
export { removalLeaf } from './commit-row.ts';
export { JOB_KINDS } from './job.providers.ts';

/** What this room keeps in the database. */
export const datasetEntities = [
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
  LeftoverObject,
  QuarantineItem,
  ContentHash,
  ContentHashing,
  ContentSketch,
  ContentSketching,
];
