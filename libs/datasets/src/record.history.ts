import type { Database } from '#database';
import { type Layer, SqlParameters } from './layers.ts';

/** One change of a record, and the commit it was part of. */
export interface HistoryEntry {
  change: 'added' | 'changed' | 'removed';
  commitId: string;
  authorId: string;
  message: string;
  at: Date;
  /** Null where it was removed. */
  version: { leaf: Buffer; bytes: number; risk: number; split: string | null } | null;
}

interface Row {
  gone: boolean;
  leaf: Buffer;
  bytes: number;
  risk: number;
  split: string | null;
  commit_id: string;
  author_id: string;
  message: string;
  published_at: Date;
}

const COLUMNS = `c.id AS commit_id, c.author_id, c.message, c.published_at`;

/** What became of one record, on its way through branches. */
export class RecordHistory {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** The newest changes before a time, newest first, in the caller's transaction; one more than fits says there is more. */
  async page(layers: readonly Layer[], recordId: string, limit: number, before: Date | null): Promise<HistoryEntry[]> {
    const parameters = new SqlParameters();
    const id = parameters.add(recordId, 'uuid');
    const earlier = before ? `AND c.published_at < ${parameters.add(before, 'timestamptz')}` : '';
    const came = reached(layers, 'from_seq', parameters);
    const went = reached(layers, 'to_seq', parameters);
    // A removal leaves a row without content where a branch further down has the record, and otherwise only an end.
    const rows = await this.database.query<Row>(
      `SELECT * FROM (
         SELECT v.segment_id IS NULL AS gone, v.leaf, v.bytes, v.risk, v.split, ${COLUMNS}
           FROM record_versions v JOIN commits c ON c.branch_id = v.branch_id AND c.seq = v.from_seq
          WHERE v.record_id = ${id} AND (${came}) ${earlier}
         UNION ALL
         SELECT true, v.leaf, v.bytes, v.risk, v.split, ${COLUMNS}
           FROM record_versions v JOIN commits c ON c.branch_id = v.branch_id AND c.seq = v.to_seq
          WHERE v.record_id = ${id} AND v.segment_id IS NOT NULL AND (${went}) ${earlier} AND NOT EXISTS (
            SELECT FROM record_versions n
             WHERE n.branch_id = v.branch_id AND n.record_id = v.record_id AND n.from_seq = v.to_seq)
       ) AS every ORDER BY published_at DESC LIMIT ${parameters.add(limit + 1)}`,
      parameters.values,
    );
    return rows.map((row, i) => entryOf(row, rows[i + 1]));
  }
}

function entryOf(row: Row, earlier: Row | undefined): HistoryEntry {
  const { gone, leaf, bytes, risk, split } = row;
  return {
    change: gone ? 'removed' : earlier && !earlier.gone ? 'changed' : 'added',
    commitId: row.commit_id,
    authorId: row.author_id,
    message: row.message,
    at: row.published_at,
    version: gone ? null : { leaf, bytes, risk, split },
  };
}

/** Rows whose seq is part of what a layer has come to, whether they still stand or not. */
function reached(layers: readonly Layer[], column: 'from_seq' | 'to_seq', parameters: SqlParameters): string {
  const parts = layers.map(({ branchId, visible, hidden }) => {
    const branch = parameters.add(branchId, 'uuid');
    return `(v.branch_id = ${branch} AND v.${column} <= ${parameters.add(visible, 'bigint')}
      AND NOT (v.${column} = ANY(${parameters.add(hidden, 'bigint[]')})))`;
  });
  return parts.join(' OR ');
}
