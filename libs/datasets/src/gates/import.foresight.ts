import { setImmediate as breath } from 'node:timers/promises';
import type { Database } from '#database';
import { type Issue, parseId } from '#kernel';
import type { Branch } from '../branch.entity.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { LineJudge } from '../ingest/ingest.ts';
import type { TriedLine } from '../ingest/segment.task.ts';
import { layersOn } from '../layers.ts';
import { NO_ATTRIBUTES } from '../writes/attributes.ts';
import type { Change, NextVersion } from '../writes/change.ts';
import type { FoundRow } from '../writes/finding-rows.ts';
import type { BalanceWatch } from './balances.ts';
import { asksForBalance, asksForLeaks, asksForNears, asksForRepeats, type Gate, gatesOf, SHOWN } from './gate.ts';
import { GateFailed } from './gate.errors.ts';
import { gated } from './gated.ts';
import type { Onto } from './gate.repository.ts';
import type { LeakWatch } from './leaks.ts';
import type { NearWatch } from './near.watch.ts';
import type { RepeatWatch } from './repeats.ts';
import type { Watching } from './watching.ts';

const AT_ONCE = 500;
/** Rows that are compared with those that come after them; all are compared with the branch. */
const REMEMBERED = 50_000;
/** As an id begins that stands for a row of the file: no record has such a one. */
const ROW = '00000000-0000-7000-8000-';

/** Says of a file that is only tried out what the gates of a branch would say of its import. */
export class ImportForesight {
  constructor(
    private readonly database: Database,
    private readonly datasets: Pick<DatasetRepository, 'mustFind' | 'findHead'>,
    private readonly judging: Watching,
  ) {}

  /** Null where there is no gate before the branch. */
  async before(branch: Branch): Promise<ForeseenImport | null> {
    const { database, datasets, judging } = this;
    return database.inTenant(branch.tenantId, async () => {
      const { gates: all } = await datasets.mustFind(branch.datasetId);
      const gates = gatesOf(all, branch.name);
      if (gates.length === 0) return null;
      const commit = (await datasets.findHead(branch.id))!;
      const onto = { datasetId: branch.datasetId, commit, layers: layersOn(branch, commit) };
      const balance = asksForBalance(gates) ? await judging.balances.watch(onto, gates) : null;
      return new ForeseenImport({ database, judging, tenantId: branch.tenantId }, onto, gates, balance);
    });
  }
}

/** What was seen of one file so far. */
export class ForeseenImport implements LineJudge {
  private readonly found: Issue[] = [];
  private taken = 0;
  private repeats?: RepeatWatch;
  private nears?: NearWatch;
  private leaks?: LeakWatch;

  constructor(
    private readonly parts: { database: Database; judging: Watching; tenantId: string },
    private readonly onto: Omit<Onto, 'branch'>,
    readonly gates: readonly Gate[],
    private readonly balance: BalanceWatch | null,
  ) {}

  async take(lines: readonly TriedLine[]): Promise<void> {
    for (let at = 0; at < lines.length; at += AT_ONCE) {
      const changes = lines.slice(at, at + AT_ONCE).map(changeOf);
      this.balance?.takeAll(changes);
      if (this.found.length < SHOWN) await this.judge(changes);
      await breath();
    }
  }

  /** The first of them. @param row what a row of the file is called */
  issues(row: 'line' | 'row'): Issue[] {
    const all = [...this.found, ...(this.balance?.issues() ?? [])].slice(0, SHOWN);
    return all.map(({ pointer, detail }) => {
      const [, record = '', ...path] = pointer.split('/');
      const at = rowIn(record);
      const place = path.length > 0 ? `, /${path.join('/')}` : '';
      return {
        pointer: at === null ? pointer : `${row} ${at}${place}`,
        detail: detail.replaceAll(/rec_\w+/g, (id) => (rowIn(id) === null ? id : `${row} ${rowIn(id)}`)),
      };
    });
  }

  private async judge(changes: readonly Change[]): Promise<void> {
    const { database, tenantId } = this.parts;
    const watches = await database.inTenant(tenantId, () => this.watches(changes));
    for (const change of changes) {
      const wrong = watches.flatMap((watch) => watch.issuesOf(change));
      const judged = gated(this.gates, change, wrong);
      if (judged instanceof GateFailed) this.found.push(...(judged.issues ?? []));
      if (this.taken++ < REMEMBERED) for (const watch of watches) watch.take(change);
    }
  }

  private async watches(changes: readonly Change[]): Promise<(RepeatWatch | NearWatch | LeakWatch)[]> {
    const { onto, gates } = this;
    const { repeats, nears, leaks } = this.parts.judging;
    const coming = { changes, together: false };
    if (asksForRepeats(gates))
      this.repeats = await repeats.watch(onto.datasetId, onto.layers, { ...coming, on: this.repeats });
    if (asksForNears(gates)) this.nears = await nears.watch(onto, gates, { ...coming, on: this.nears });
    if (asksForLeaks(gates)) this.leaks = await leaks.watch(onto.datasetId, onto.layers, { ...coming, on: this.leaks });
    return [this.repeats ?? [], this.nears ?? [], this.leaks ?? []].flat();
  }
}

/** It has nowhere to lie, and a number for a name. */
function changeOf({ line, said, blocked, hash, sketch }: TriedLine): Change {
  const findings = blocked as Pick<FoundRow, 'type' | 'risk' | 'path'>[] as FoundRow[];
  const after = { ...NO_ATTRIBUTES, ...said, findings, hash, sketch } as NextVersion;
  return { recordId: `${ROW}${line.toString(16).padStart(12, '0')}`, before: null, after };
}

function rowIn(shown: string): number | null {
  const id = parseId('rec', shown);
  return id?.startsWith(ROW) ? Number.parseInt(id.slice(ROW.length), 16) : null;
}
