import type { Gatekeeper } from '#auth';
import type { Database } from '#database';
import { BadCursor, fromCursor, isUuid, type Page, type Principal, toCursor } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import { DatasetNotFound } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Layer } from '../layers.ts';
import type { Refs } from '../refs.ts';
import { emptyStatistics, RISKS, type Statistics, subtractStatistics } from '../statistics.ts';
import type { FindingFilter, FindingPlace, FindingRepository, FoundRow, Judged } from './finding.repository.ts';

export interface FindingParts {
  database: Database;
  datasets: DatasetRepository;
  findings: FindingRepository;
  refs: Refs;
  gatekeeper: Gatekeeper;
}

export interface ListFindings {
  filter: FindingFilter;
  limit: number;
  cursor?: string;
}

/** Datasets that one request looks through; the next one goes on behind them. */
const DATASETS = 50;
/** Behind every record. */
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What was found in datasets, and what was said of it. Never a value. */
export class FindingsService {
  constructor(private readonly parts: FindingParts) {}

  /** At a ref, in the order of records. @throws DatasetNotFound, RefNotFound, BadCursor */
  ofDataset(
    caller: Principal,
    datasetId: string,
    ref: string | undefined,
    list: ListFindings,
  ): Promise<Page<FoundRow>> {
    const after = placeAfter(list.cursor);
    if (after && after.datasetId !== datasetId) throw new BadCursor();
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const { layers } = await this.parts.refs.resolve(datasetId, ref);
      return pageOf(await this.in(layers, list, after), list.limit);
    });
  }

  /** On the default branches of all datasets whose records the caller may read, by dataset. @throws DatasetNotFound, BadCursor */
  everywhere(caller: Principal, datasetId: string | undefined, list: ListFindings): Promise<Page<FoundRow>> {
    const after = placeAfter(list.cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const reach = this.parts.gatekeeper.reach(caller, 'record:read');
      const first = datasetId ?? after?.datasetId;
      const begun = first ? await this.parts.datasets.among(reach, [first]) : new Set<string>();
      if (datasetId !== undefined && !begun.has(datasetId)) throw new DatasetNotFound();
      const others = datasetId === undefined ? await this.parts.datasets.page(reach, DATASETS, first ?? null) : [];
      const ids = [...begun, ...others.map(({ id }) => id)];
      const found: FoundRow[] = [];
      for (const id of ids) {
        if (found.length > list.limit) break;
        const { layers } = await this.parts.refs.resolveBranch(id, undefined);
        found.push(...(await this.in(layers, list, after?.datasetId === id ? after : null)));
      }
      const page = pageOf(found, list.limit);
      if (page.nextCursor !== null || others.length < DATASETS) return page;
      return { ...page, nextCursor: toCursor([others.at(-1)!.id, LAST, 0]) };
    });
  }

  /** What a dataset holds at a ref, without what was decided to be no finding. @throws DatasetNotFound, RefNotFound */
  statistics(
    caller: Principal,
    datasetId: string,
    ref: string | undefined,
  ): Promise<{ commit: Commit; statistics: Statistics }> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const { commit, layers } = await this.parts.refs.resolve(datasetId, ref);
      const total = structuredClone(commit.statistics ?? emptyStatistics());
      const judged = await this.parts.findings.judged(datasetId, layers);
      return { commit, statistics: withoutFalse(total, judged) };
    });
  }

  private in(layers: readonly Layer[], { filter, limit }: ListFindings, after: Place | null): Promise<FoundRow[]> {
    return this.parts.findings.page(layers, limit + 1, after, filter);
  }
}

type Place = FindingPlace & { datasetId: string };

function placeAfter(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const [datasetId, recordId, ordinal] = fromCursor(cursor, 3) ?? [];
  const isPlace =
    typeof datasetId === 'string' &&
    typeof recordId === 'string' &&
    isUuid(datasetId) &&
    isUuid(recordId) &&
    Number.isInteger(ordinal) &&
    Math.abs(ordinal as number) <= 0x7fffffff;
  if (!isPlace) throw new BadCursor();
  return { datasetId, recordId, ordinal: ordinal as number };
}

function pageOf(rows: FoundRow[], limit: number): Page<FoundRow> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const isMore = last !== undefined && rows.length > limit;
  return { items, nextCursor: isMore ? toCursor([last.dataset_id, last.record_id, last.ordinal]) : null };
}

function withoutFalse(total: Statistics, judged: readonly Judged[]): Statistics {
  for (const findings of Map.groupBy(judged, ({ record_id: id }) => id).values()) {
    const wrong = findings.filter(({ is_false: isFalse }) => isFalse);
    const highest = Math.max(0, ...findings.map(({ risk, is_false: isFalse }) => (isFalse ? 0 : risk)));
    for (const { type, risk } of wrong) {
      const one = { ...emptyStatistics(), findingsByType: { [type]: 1 }, findingsByRisk: { [RISKS[risk]!]: 1 } };
      subtractStatistics(total, one);
    }
    const before = findings[0]!.record_risk;
    if (wrong.length === 0 || highest === before) continue;
    subtractStatistics(total, { ...emptyStatistics(), recordsByRisk: { [RISKS[before]!]: 1, [RISKS[highest]!]: -1 } });
  }
  return total;
}
