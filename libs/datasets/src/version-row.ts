import type { RecordVersion, StoredVersion } from './record-version.entity.ts';

/** A row of `record_versions` as a statement gives it. */
export interface VersionRow {
  tenant_id: string;
  dataset_id: string;
  branch_id: string;
  record_id: string;
  from_seq: number;
  to_seq: number | null;
  segment_id: string;
  block: number;
  position: number;
  bytes: number;
  risk: number;
  leaf: Buffer;
  external_id: string | null;
  labels: string[] | null;
  split: string | null;
  source: string | null;
  license: string | null;
  language: string | null;
  metadata: RecordVersion['metadata'];
}

/** By hand: the statements that look through layers are none the mapper could make. */
export function versionOf(row: VersionRow): StoredVersion {
  return {
    tenantId: row.tenant_id,
    datasetId: row.dataset_id,
    branchId: row.branch_id,
    recordId: row.record_id,
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    segmentId: row.segment_id,
    block: row.block,
    position: row.position,
    bytes: row.bytes,
    risk: row.risk,
    leaf: row.leaf,
    externalId: row.external_id,
    labels: row.labels,
    split: row.split,
    source: row.source,
    license: row.license,
    language: row.language,
    metadata: row.metadata,
  };
}

/** Which rows of `record_versions`. */
export type VersionKey = Pick<StoredVersion, 'branchId' | 'recordId' | 'fromSeq'>;

/** The same as three columns, to be unnested as uuid, uuid and bigint. */
export function keysOf(versions: readonly VersionKey[]): unknown[] {
  return [versions.map((v) => v.branchId), versions.map((v) => v.recordId), versions.map((v) => v.fromSeq)];
}
