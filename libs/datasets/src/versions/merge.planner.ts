import type { StoredVersion } from '../record-version.entity.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { Database } from '#database';
import type { Seen } from '../refs.ts';
import { type Attributes, NO_ATTRIBUTES } from '../writes/attributes.ts';
import { type Change, takenOver } from '../writes/change.ts';
import type { Json } from '../writes/merge-patch.ts';
import { bodyOf, type RecordBody } from '../writes/record.body.ts';
import type { NewBody } from '../writes/write.ts';
import { byId, changeOf, type DifferenceCount, type DifferencesService } from './differences.service.ts';
import { isEqual, type RecordPair } from './differences.service.ts';
import { isSame } from './json-diff.ts';
import type { Conflict } from './merge-conflict.ts';
import type { MergeBase } from './merge-base.ts';
import { type Side, threeWay } from './three-way.ts';
import { MergeTooLarge } from './version.errors.ts';

/** What somebody decided for a record in conflict: one side's values where they differ, or the whole record by hand. */
export type Resolution = { recordId: string } & ({ take: Side } | { body: RecordBody | null });

export interface MergeOptions {
  /** For conflicts that nothing else was decided for. */
  strategy: 'fail' | Side;
  resolutions: readonly Resolution[];
}

/** A change whose content has still to be sealed. */
export type PlannedChange = Change | (Omit<Change, 'after'> & { body: NewBody });

export interface MergePlan {
  changes: PlannedChange[];
  conflicts: Conflict[];
  /** What the other side did since `base`. */
  difference: DifferenceCount;
}

/** Records one merge may change: they are held in memory, and go in by one transaction. */
const MAX_CHANGES = 100_000;
const AT_ONCE = 500;

type Sides = Record<'base' | 'ours' | 'theirs', Json | undefined>;

interface Trio {
  recordId: string;
  base: StoredVersion | null;
  ours: StoredVersion | null;
  theirs: StoredVersion | null;
}

/** Works out what has to change on one side to take in what the other did since `base`. Changes nothing itself. */
export class MergePlanner {
  constructor(
    private readonly database: Database,
    private readonly records: RecordRepository,
    private readonly differences: DifferencesService,
    /** Where two histories parted: what `base` is to be. */
    readonly bases: MergeBase,
  ) {}

  /** @throws MergeTooLarge */
  async plan(
    tenantId: string,
    sides: { base: Seen; ours: Seen; theirs: Seen },
    options: MergeOptions,
  ): Promise<MergePlan> {
    const { base, ours, theirs } = sides;
    const plan: MergePlan = { changes: [], conflicts: [], difference: { added: 0, changed: 0, removed: 0 } };
    for (let last: string | null = null; ;) {
      const after: string | null = last;
      const trios = await this.database.inTenant(tenantId, async () => {
        const pairs = await this.differences.pairs(base, theirs, AT_ONCE, after);
        for (const pair of pairs) plan.difference[changeOf(pair)] += 1;
        const present = byId(await this.present(base, ours, pairs));
        return pairs.map((pair) => trioOf(pair, present.get(pair.recordId) ?? null));
      });
      await this.judge(tenantId, trios, options, plan);
      if (plan.changes.length > MAX_CHANGES) throw new MergeTooLarge();
      if (trios.length < AT_ONCE) break;
      last = trios.at(-1)!.recordId;
    }
    await this.judgeNames(tenantId, ours, plan);
    return plan;
  }

  /** Where nobody has written since, what is there now is what was there then. */
  private async present(base: Seen, ours: Seen, pairs: readonly RecordPair[]): Promise<StoredVersion[]> {
    if (ours.commit.id === base.commit.id) return pairs.flatMap(({ from }) => from ?? []);
    const ids = pairs.map(({ recordId }) => recordId);
    return this.records.findAll(ours.layers, ids);
  }

  private async judge(tenantId: string, trios: readonly Trio[], options: MergeOptions, plan: MergePlan): Promise<void> {
    const both: Trio[] = [];
    for (const trio of trios) {
      const { base, ours, theirs } = trio;
      if (isEqual({ from: ours, to: theirs })) continue;
      if (isEqual({ from: base, to: ours })) plan.changes.push(taking(trio, theirs));
      else both.push(trio);
    }
    const whole = both.filter(({ base, ours, theirs }) => base && ours && theirs);
    const documents: Json[][] = [];
    // One after the other: a transaction that this may be part of has one connection.
    for (const side of ['base', 'ours', 'theirs'] as const) {
      const rows = whole.map((trio) => trio[side]!);
      documents.push(await this.differences.documents(tenantId, rows));
    }
    for (const trio of both) {
      const at = whole.indexOf(trio);
      const [base, ours, theirs] = documents.map((side) => side[at]);
      this.settle(trio, at < 0 ? null : { base, ours, theirs }, options, plan);
    }
  }

  private settle(trio: Trio, documents: Sides | null, { strategy, resolutions }: MergeOptions, plan: MergePlan): void {
    const { recordId, ours: before } = trio;
    const decided = resolutions.find((each) => each.recordId === recordId);
    if (decided && 'body' in decided) {
      if (decided.body) plan.changes.push({ recordId, before, body: bodyOf(decided.body) });
      else if (before) plan.changes.push({ recordId, before, after: null });
      return;
    }
    const side = decided?.take ?? (strategy === 'fail' ? null : strategy);
    const merged = documents && threeWay(documents.base, documents.ours, documents.theirs, side ?? 'ours');
    if (!side && (!merged || merged.conflicts.length > 0)) {
      const paths = merged?.conflicts ?? [''];
      plan.conflicts.push(
        ...paths.map((path) => ({ recordId, path, reason: merged ? ('changed' as const) : ('removed' as const) })),
      );
    } else if (merged) {
      if (isSame(merged.value, documents!.ours)) return;
      plan.changes.push({ recordId, before, body: documentBody(merged.value as Document) });
    } else if (side === 'theirs') {
      plan.changes.push(taking(trio, trio.theirs));
    }
  }

  /** Each external id may be that of one record alone, also once both sides are together. */
  private async judgeNames(tenantId: string, ours: Seen, plan: MergePlan): Promise<void> {
    const wanted = new Map(plan.changes.flatMap((change) => nameOf(change) ?? []).map((name) => [name, '']));
    for (const change of plan.changes) if (nameOf(change)) wanted.set(nameOf(change)!, change.recordId);
    if (wanted.size === 0) return;
    const changed = new Set(plan.changes.map(({ recordId }) => recordId));
    const rows = await this.database.inTenant(tenantId, () =>
      this.records.findExternal(ours.layers, [...wanted.keys()]),
    );
    for (const { recordId, externalId } of rows) {
      const taker = wanted.get(externalId!)!;
      if (taker === recordId || changed.has(recordId)) continue;
      plan.conflicts.push({ recordId: taker, path: '/external_id', reason: 'external-id' });
    }
  }
}

function trioOf({ recordId, from, to }: RecordPair, ours: StoredVersion | null): Trio {
  return { recordId, base: from, ours, theirs: to };
}

function taking({ recordId, ours }: Trio, row: StoredVersion | null): Change {
  return { recordId, before: ours, after: row && takenOver(row) };
}

function nameOf(change: PlannedChange): string | null {
  return ('body' in change ? change.body.attributes.externalId : change.after?.externalId) ?? null;
}

type Document = { [key: string]: Json } & { content: Json };

function documentBody({ content, external_id, ...said }: Document): NewBody {
  const attributes = { ...NO_ATTRIBUTES, externalId: external_id ?? null, ...said } as Attributes;
  return bodyOf({ content: content ?? null, ...attributes });
}
