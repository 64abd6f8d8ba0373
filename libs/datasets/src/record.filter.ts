import type { SqlParameters } from './layers.ts';

export type Scalar = string | number | boolean;

/** What one field of the metadata must be like; all that is said holds together. */
export interface FieldFilter {
  eq?: Scalar;
  in?: Scalar[];
  exists?: boolean;
  gt?: string | number;
  gte?: string | number;
  lt?: string | number;
  lte?: string | number;
}

export interface RecordFilter {
  externalId?: string;
  label?: string;
  split?: string;
  source?: string;
  license?: string;
  language?: string;
  /** Index into `RISKS`: this one or higher. */
  minRisk?: number;
  /** Nothing was found, or something. */
  pii?: 'none' | 'any';
  /** Something of this type was found. */
  piiType?: string;
  metadata?: Record<string, FieldFilter>;
}

const COLUMNS = {
  externalId: 'external_id',
  split: 'split',
  source: 'source',
  license: 'license',
  language: 'language',
} as const;

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** The conditions a row of the alias must meet, all of them. */
export function conditionsOf(filter: RecordFilter, alias: string, parameters: SqlParameters): string[] {
  const conditions: string[] = [];
  for (const [name, column] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][]) {
    const value = filter[name];
    if (value !== undefined) conditions.push(`${alias}.${column} = ${parameters.add(value, 'text')}`);
  }
  if (filter.label !== undefined) conditions.push(`${parameters.add(filter.label, 'text')} = ANY(${alias}.labels)`);
  if (filter.minRisk !== undefined) conditions.push(`${alias}.risk >= ${parameters.add(filter.minRisk, 'int')}`);
  if (filter.pii !== undefined) conditions.push(`${alias}.risk ${filter.pii === 'none' ? '=' : '>'} 0`);
  if (filter.piiType !== undefined) conditions.push(found(alias, parameters.add(filter.piiType, 'text')));
  for (const [field, wanted] of Object.entries(filter.metadata ?? {})) {
    conditions.push(...fieldConditions(field, wanted, `${alias}.metadata`, parameters));
  }
  return conditions;
}

function found(alias: string, type: string): string {
  return `EXISTS (SELECT FROM findings f WHERE f.branch_id = ${alias}.branch_id
    AND f.record_id = ${alias}.record_id AND f.from_seq = ${alias}.from_seq AND f.type = ${type})`;
}

function fieldConditions(field: string, wanted: FieldFilter, column: string, parameters: SqlParameters): string[] {
  const conditions: string[] = [];
  const holds = (value: Scalar): string =>
    `${column} @> ${parameters.add(JSON.stringify({ [field]: value }), 'jsonb')}`;
  if (wanted.eq !== undefined) conditions.push(holds(wanted.eq));
  if (wanted.in) conditions.push(`(${[...wanted.in.map(holds), 'false'].join(' OR ')})`);
  if (wanted.exists !== undefined) {
    const exists = `coalesce(${column} ? ${parameters.add(field, 'text')}, false)`;
    conditions.push(wanted.exists ? exists : `NOT ${exists}`);
  }
  for (const [name, operator] of Object.entries(COMPARISONS) as [keyof typeof COMPARISONS, string][]) {
    const bound = wanted[name];
    if (bound === undefined) continue;
    const value = `${column} -> ${parameters.add(field, 'text')}`;
    // Compared as JSON, where nothing is cast and so nothing fails; but only with its own kind.
    conditions.push(`jsonb_typeof(${value}) = '${typeof bound}'`);
    conditions.push(`(${value}) ${operator} ${parameters.add(JSON.stringify(bound), 'jsonb')}`);
  }
  return conditions;
}
