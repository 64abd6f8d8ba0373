import type { Audit } from '#audit';
import type { Database } from '#database';
import { idAfter, type Page, type Principal, showId, toCursor } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import type { RecordReader } from '../record.reader.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Refs, Seen } from '../refs.ts';
import { attributesOf } from '../writes/attributes.ts';
import { type Json, parseLossless } from '../writes/merge-patch.ts';
import type { DifferenceRepository } from './difference.repository.ts';
import { type FieldChange, fieldChanges } from './json-diff.ts';

/** A record that two commits see differently. */
export interface RecordPair {
  recordId: string;
  from: StoredVersion | null;
  to: StoredVersion | null;
}

export interface RecordDifference extends RecordPair {
  change: 'added' | 'changed' | 'removed';
  /** Where content and attributes differ; empty unless the record is there before and after. */
  fields: FieldChange[];
}

export type DifferenceCount = Record<RecordDifference['change'], number>;

export interface AskDifference {
  from: string;
  to?: string;
  limit: number;
  cursor?: string;
}

const MAX_FIELDS = 100;
/** Records looked at by one statement. */
const AT_ONCE = 2000;

export interface DifferencesParts {
  database: Database;
  records: RecordRepository;
  reader: RecordReader;
  refs: Refs;
  differences: DifferenceRepository;
  audit: Audit;
}

/** What is different between two commits: it costs what was written between them. */
export class DifferencesService {
  constructor(private readonly parts: DifferencesParts) {}

  /** Both sides of a comparison; a commit is compared to its parent when nothing else is named. @throws DatasetNotFound, RefNotFound */
  async sides(
    caller: Principal,
    datasetId: string,
    from: string | undefined,
    to: string | undefined,
  ): Promise<{ from: Commit; to: Commit }> {
    const { database, refs } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const { commit } = await refs.resolve(datasetId, to);
      const other = from ?? showId('cm', commit.parentIds[0] ?? commit.id);
      return { from: (await refs.resolve(datasetId, other)).commit, to: commit };
    });
  }

  /** By record id. @throws DatasetNotFound, RefNotFound, BadCursor */
  async page(caller: Principal, datasetId: string, ask: AskDifference): Promise<Page<RecordDifference>> {
    const { database, refs, audit } = this.parts;
    const after = idAfter(ask.cursor);
    const pairs = await database.inTenant(caller.tenantId, async () => {
      const [from, to] = [await refs.resolve(datasetId, ask.from), await refs.resolve(datasetId, ask.to)];
      const found = await this.pairs(from, to, ask.limit + 1, after);
      const details = { from: showId('cm', from.commit.id), to: showId('cm', to.commit.id), records: found.length };
      await audit.append(caller, { action: 'dataset.diff', resource: showId('ds', datasetId), details });
      return found;
    });
    const shown = pairs.slice(0, ask.limit);
    const nextCursor = pairs.length > ask.limit ? toCursor([shown.at(-1)!.recordId]) : null;
    return { items: await this.told(caller.tenantId, shown), nextCursor };
  }

  /** So many pairs that differ, in the caller's transaction. */
  async pairs(from: Seen, to: Seen, limit: number, after: string | null): Promise<RecordPair[]> {
    const { differences, records } = this.parts;
    const found: RecordPair[] = [];
    let last = after;
    for (;;) {
      const atOnce = Math.min(AT_ONCE, limit + 100);
      const ids = await differences.touched(from.layers, to.layers, atOnce, last);
      const [before, now] = [
        byId(await records.findAll(from.layers, ids)),
        byId(await records.findAll(to.layers, ids)),
      ];
      for (const recordId of ids) {
        const pair = { recordId, from: before.get(recordId) ?? null, to: now.get(recordId) ?? null };
        if (!isEqual(pair) && found.push(pair) === limit) return found;
      }
      if (ids.length < atOnce) return found;
      last = ids.at(-1)!;
    }
  }

  /** How many records came, went and changed; it looks at all of them. @throws DatasetNotFound, RefNotFound */
  count(caller: Principal, datasetId: string, ask: Pick<AskDifference, 'from' | 'to'>): Promise<DifferenceCount> {
    const { database, refs } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const [from, to] = [await refs.resolve(datasetId, ask.from), await refs.resolve(datasetId, ask.to)];
      const count = { added: 0, changed: 0, removed: 0 };
      let last: string | null = null;
      do {
        const pairs = await this.pairs(from, to, AT_ONCE, last);
        for (const pair of pairs) count[changeOf(pair)] += 1;
        last = pairs.length === AT_ONCE ? pairs.at(-1)!.recordId : null;
      } while (last !== null);
      return count;
    });
  }

  private async told(tenantId: string, pairs: readonly RecordPair[]): Promise<RecordDifference[]> {
    const changed = pairs.filter((pair) => pair.from && pair.to);
    const before = await this.documents(
      tenantId,
      changed.map(({ from }) => from!),
    );
    const now = await this.documents(
      tenantId,
      changed.map(({ to }) => to!),
    );
    return pairs.map((pair) => {
      const at = changed.indexOf(pair);
      const fields = at < 0 ? [] : fieldChanges(before[at], now[at], MAX_FIELDS);
      return { ...pair, change: changeOf(pair), fields };
    });
  }

  /** Content and attributes of each as one JSON value. */
  async documents(tenantId: string, rows: StoredVersion[]): Promise<{ [key: string]: Json }[]> {
    const lines = await this.parts.reader.contents(tenantId, rows);
    return rows.map((row, i) => documentOf(row, parseLossless(Buffer.from(lines[i]!).toString('utf8'))));
  }
}

function documentOf(row: StoredVersion, content: Json): { [key: string]: Json } {
  const { externalId: external_id, ...rest } = attributesOf(row);
  const said = Object.entries({ external_id, ...rest }).filter(([, value]) => value !== null);
  return { content, ...(Object.fromEntries(said) as { [key: string]: Json }) };
}

export function changeOf({ from, to }: Pick<RecordPair, 'from' | 'to'>): RecordDifference['change'] {
  return !from ? 'added' : to ? 'changed' : 'removed';
}

/** A leaf is salted anew with each version: where it is the same, the version is, but for the split it was put into. */
export function isEqual({ from, to }: Pick<RecordPair, 'from' | 'to'>): boolean {
  return from === to || (from !== null && to !== null && from.leaf.equals(to.leaf) && from.split === to.split);
}

export function byId(rows: readonly StoredVersion[]): Map<string, StoredVersion> {
  return new Map(rows.map((row) => [row.recordId, row]));
}
