import type { Branch } from './branch.entity.ts';
import type { Commit } from './commit.entity.ts';
import type { Layer } from './layer.ts';

export type { Layer };

/**
 * A commit as a stack of branches: its own on top, under it the one that branch began from, as it was there, and so on.
 * A record is what the topmost layer that has it says.
 */
export function layersOf(commit: Commit, base: readonly Layer[]): Layer[] {
  return [layerOf(commit), ...base];
}

/** What is seen on a branch at its head, with its own layer on top also where that has nothing yet. */
export function layersOn({ id, base }: Pick<Branch, 'id' | 'base'>, head: Commit): Layer[] {
  if (head.branchId === id) return layersOf(head, base);
  return [{ ...base[0]!, branchId: id, visible: 0, hidden: [] }, ...base];
}

function layerOf(commit: Commit): Layer {
  return {
    branchId: commit.branchId,
    commitId: commit.id,
    visible: commit.visibleSeq ?? 0,
    hidden: commit.hiddenSeqs,
    publishedAt: (commit.publishedAt ?? commit.createdAt).toISOString(),
  };
}

/** The parameters of a statement as it is put together. */
export class SqlParameters {
  readonly values: unknown[] = [];

  add(value: unknown, type = ''): string {
    this.values.push(value);
    return `$${this.values.length}${type && `::${type}`}`;
  }
}

export interface RowsWanted {
  /** More conditions, on rows of the given alias. */
  where?: (alias: string) => string;
  /** In the order of record ids, and so many. */
  limit?: number;
}

/**
 * SELECT of the rows of `record_versions` that are visible through all layers. `OFFSET 0` keeps the planner from reading a
 * whole layer to see which of its records another one hides: it is asked row by row, by key.
 */
export function visibleRows(layers: readonly Layer[], parameters: SqlParameters, wanted: RowsWanted = {}): string {
  const scopes = layers.map((layer) => scopeOf(layer, parameters));
  const order = wanted.limit === undefined ? '' : `ORDER BY record_id LIMIT ${parameters.add(wanted.limit)}`;
  const parts = scopes.map((scope, depth) => {
    const above = scopes.slice(0, depth).map(
      (upper) => `AND NOT EXISTS (SELECT FROM record_versions upper
          WHERE upper.record_id = v.record_id AND ${upper('upper')} OFFSET 0)`,
    );
    const where = wanted.where ? `AND ${wanted.where('v')}` : '';
    return `SELECT v.* FROM record_versions v
      WHERE ${scope('v')} AND v.segment_id IS NOT NULL ${where} ${above.join(' ')} ${order}`;
  });
  if (parts.length === 1) return parts[0]!;
  return `SELECT * FROM (${parts.map((part) => `(${part})`).join(' UNION ALL ')}) AS every ${order}`;
}

/** SELECT of certain records as they are seen through all layers. */
export function recordRows(layers: readonly Layer[], parameters: SqlParameters, recordIds: readonly string[]): string {
  const ids = parameters.add(recordIds, 'uuid[]');
  return `SELECT top.* FROM (SELECT DISTINCT unnest(${ids}) AS id) AS wanted
    CROSS JOIN LATERAL (${topRow(layers, parameters)}) AS top WHERE top.segment_id IS NOT NULL`;
}

/**
 * SELECT of what the topmost layer says of `wanted.id`. It is looked up by key in each layer, whatever the planner thinks
 * of the size of a branch: after a large import it has no statistics yet, and the built-in database never.
 */
export function topRow(layers: readonly Layer[], parameters: SqlParameters): string {
  const parts = layers.map((layer, depth) => {
    const scope = scopeOf(layer, parameters);
    return `SELECT v.*, ${depth} AS depth FROM record_versions v WHERE v.record_id = wanted.id AND ${scope('v')}`;
  });
  return `SELECT * FROM (${parts.join(' UNION ALL ')}) AS every ORDER BY depth LIMIT 1`;
}

/** The rows of a layer, removals among them. */
export function scopeOf(layer: Layer, parameters: SqlParameters): (alias: string) => string {
  const branch = parameters.add(layer.branchId, 'uuid');
  const visible = parameters.add(layer.visible, 'bigint');
  const hidden = layer.hidden.length > 0 ? parameters.add(layer.hidden, 'bigint[]') : null;
  return (alias) => `${alias}.branch_id = ${branch} AND ${alias}.from_seq <= ${visible}
    ${hidden ? `AND NOT (${alias}.from_seq = ANY(${hidden}))` : ''}
    AND (${alias}.to_seq IS NULL OR ${alias}.to_seq > ${visible} ${hidden ? `OR ${alias}.to_seq = ANY(${hidden})` : ''})`;
}
