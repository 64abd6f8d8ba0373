import type { Database } from '#database';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Statistics } from '../statistics.ts';
import { keysOf, type VersionKey } from '../version-row.ts';
import type { NextVersion } from './change.ts';
import { addFindings, sizeOf, versionName } from './change.totals.ts';

/** A version as it goes in; without a next one it says that the record is gone. */
export interface VersionToInsert {
  recordId: string;
  fromSeq: number;
  next: NextVersion | null;
}

export interface BranchPlace {
  tenantId: string;
  datasetId: string;
  branchId: string;
}

const VERSION_FIELDS = `record_id uuid, from_seq bigint, segment_id uuid, block int, position int, bytes int, risk smallint,
  leaf text, external_id text, labels text[], split text, source text, license text, language text, metadata jsonb`;
const FINDING_FIELDS = `record_id uuid, from_seq bigint, ordinal int, type text, risk smallint, path text,
  start_offset int, end_offset int, confidence real, detector text, rule_version int, subject text`;
/** Rows that go in by one statement. */
export const AT_ONCE = 5000;
const ENDED_UNSEEN = `SELECT seq FROM commits WHERE branch_id = $1 AND job_id IS NOT NULL AND state <> 'published'`;

/** Rows of changed records. Every method runs in the caller's transaction, which holds the branch. */
export class ChangeRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * Ends what stands of these records on the branch. Something stands also where only a job that nobody has seen anything of
   * yet has ended it, or put it: it finds, when it publishes, who was faster.
   */
  async close(branchId: string, recordIds: readonly string[], seqs: readonly number[]): Promise<void> {
    if (recordIds.length === 0) return;
    // Each is looked for by key; OFFSET 0 keeps the planner, which may know nothing of the table yet, from joining first.
    await this.database.query(
      `UPDATE record_versions v SET to_seq = ended.seq FROM (
         SELECT wanted.seq, found.place FROM unnest($2::uuid[], $3::bigint[]) AS wanted (id, seq)
          CROSS JOIN LATERAL (
            SELECT r.ctid AS place FROM record_versions r
             WHERE r.branch_id = $1 AND r.record_id = wanted.id AND r.from_seq < wanted.seq
               AND (r.to_seq IS NULL OR r.to_seq = ANY(ARRAY(${ENDED_UNSEEN}))) OFFSET 0
          ) AS found) AS ended
        WHERE v.ctid = ended.place`,
      [branchId, recordIds, seqs],
    );
  }

  async insertVersions(place: BranchPlace, versions: readonly VersionToInsert[]): Promise<void> {
    for (const some of portions(versions.map(versionJson))) {
      await this.database.query(
        `INSERT INTO record_versions (tenant_id, dataset_id, branch_id, record_id, from_seq, segment_id, block, position,
           bytes, risk, leaf, external_id, labels, split, source, license, language, metadata)
         SELECT $1, $2, $3, record_id, from_seq, segment_id, block, position, bytes, risk, decode(leaf, 'hex'), external_id,
           labels, split, source, license, language, metadata FROM jsonb_to_recordset($4) AS r (${VERSION_FIELDS})`,
        [place.tenantId, place.datasetId, place.branchId, JSON.stringify(some)],
      );
    }
  }

  /** Those that were found anew, and those that another version of the same content has. */
  async insertFindings(place: BranchPlace, versions: readonly VersionToInsert[]): Promise<void> {
    const found = versions.flatMap(({ recordId, fromSeq, next }) =>
      next && Array.isArray(next.findings)
        ? next.findings.map((row) => ({ ...row, record_id: recordId, from_seq: fromSeq }))
        : [],
    );
    for (const some of portions(found)) {
      await this.database.query(
        `INSERT INTO findings (tenant_id, dataset_id, branch_id, record_id, from_seq, ordinal, type, risk, path,
           start_offset, end_offset, confidence, detector, rule_version, subject)
         SELECT $1, $2, $3, record_id, from_seq, ordinal, type, risk, path, start_offset, end_offset, confidence, detector,
           rule_version, decode(subject, 'hex') FROM jsonb_to_recordset($4) AS r (${FINDING_FIELDS})`,
        [place.tenantId, place.datasetId, place.branchId, JSON.stringify(some)],
      );
    }
    const copies = versions.flatMap(({ fromSeq, next }) =>
      next && !Array.isArray(next.findings) ? [{ of: next.findings.of, fromSeq }] : [],
    );
    if (copies.length > 0) await this.copyFindings(place.branchId, copies);
  }

  /** What each of these versions adds to the statistics of a commit, by `versionName`. */
  async statisticsOf(versions: readonly StoredVersion[]): Promise<Map<string, Statistics>> {
    const all = new Map(versions.map((version) => [versionName(version), sizeOf(version)]));
    if (versions.length > 0) {
      for (const { branch_id, record_id, from_seq, type, risk, n } of await this.counts(versions)) {
        const name = versionName({ branchId: branch_id, recordId: record_id, fromSeq: from_seq });
        addFindings(all.get(name)!, type, risk, n);
      }
    }
    return all;
  }

  private counts(versions: readonly VersionKey[]): Promise<CountRow[]> {
    return this.database.query<CountRow>(
      `SELECT f.branch_id, f.record_id, f.from_seq, f.type, f.risk, count(*)::int AS n
         FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS k (branch_id, record_id, from_seq)
         JOIN findings f USING (branch_id, record_id, from_seq) GROUP BY 1, 2, 3, 4, 5`,
      keysOf(versions),
    );
  }

  private async copyFindings(branchId: string, copies: { of: StoredVersion; fromSeq: number }[]): Promise<void> {
    await this.database.query(
      `INSERT INTO findings (tenant_id, dataset_id, branch_id, record_id, from_seq, ordinal, type, risk, path,
         start_offset, end_offset, confidence, detector, rule_version, subject)
       SELECT f.tenant_id, f.dataset_id, $5, f.record_id, k.seq, f.ordinal, f.type, f.risk, f.path, f.start_offset,
         f.end_offset, f.confidence, f.detector, f.rule_version, f.subject
         FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[]) AS k (branch_id, record_id, from_seq, seq)
         JOIN findings f USING (branch_id, record_id, from_seq)`,
      [...keysOf(copies.map(({ of }) => of)), copies.map(({ fromSeq }) => fromSeq), branchId],
    );
  }
}

interface CountRow {
  branch_id: string;
  record_id: string;
  from_seq: number;
  type: string;
  risk: number;
  n: number;
}

function versionJson({ recordId, fromSeq, next }: VersionToInsert): object {
  if (!next) return { record_id: recordId, from_seq: fromSeq, block: 0, position: 0, bytes: 0, risk: 0, leaf: '' };
  const { segmentId, block, position, bytes, risk, leaf, externalId, ...said } = next;
  const { labels, split, source, license, language, metadata } = said;
  return {
    record_id: recordId,
    from_seq: fromSeq,
    segment_id: segmentId,
    leaf: Buffer.from(leaf).toString('hex'),
    external_id: externalId,
    block,
    position,
    bytes,
    risk,
    labels,
    split,
    source,
    license,
    language,
    metadata,
  };
}

function portions<T>(rows: T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / AT_ONCE) }, (_, i) => rows.slice(AT_ONCE * i, AT_ONCE * (i + 1)));
}
