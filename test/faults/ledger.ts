// Writers that note what they were told, and what a vault says afterwards: nothing may be lost, wrong or doubled.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Vault } from '../support/vault.ts';

/** Longest time a client waits for an answer. */
const PATIENCE_MS = 40_000;
const SETTLE_MS = 60_000;

interface Entry {
  name: string;
  key: string;
  line: string;
  /** What the client knows: `unknown` when it got no answer, or one that says it is the server's fault. */
  made: 'acknowledged' | 'unknown' | 'refused';
  imported: 'acknowledged' | 'unknown' | 'refused' | 'not sent';
  id?: string;
}

export interface Report {
  acknowledged: number;
  unknown: number;
  refused: number;
  lost: number;
  wrong: number;
  doubled: number;
  requests: number;
  failed: number;
  /** Status of each kind of failure, and how often; `cut` where there was no answer. */
  how: string;
  /** Longest time without any answer that was a success, ms. */
  longestGapMs: number;
  /** From the end of the fault to the first success, ms; null when it was never away. */
  recoveryMs: number | null;
}

export interface Load {
  writers?: number;
  readers?: number;
  /** All readers together, at the most. */
  readsPerSecond?: number;
  /** So much of what answers came too late for is made up for, ms; nothing when left out. */
  madeUpMs?: number;
}

export class Ledger {
  private readonly entries: Entry[] = [];
  private running: Promise<void>[] = [];
  private stopped = false;
  private requests = 0;
  private failed = 0;
  private readonly how = new Map<string, number>();
  private lastSuccess = performance.now();
  private longestGap = 0;
  private healedAt: number | null = null;
  private recovery: number | null = null;
  private failing = false;

  /** @param vault the one there is at the moment: it may be another process after a kill */
  constructor(private readonly vault: () => Vault) {}

  start({ writers = 6, readers = 2, readsPerSecond = 100, madeUpMs }: Load = {}): void {
    this.lastSuccess = performance.now();
    const between = (1000 * readers) / readsPerSecond;
    this.running = [
      ...Array.from({ length: writers }, () => this.write()),
      ...Array.from({ length: readers }, () => this.read(between, madeUpMs ?? between)),
    ];
  }

  /** The fault is over from here on. */
  healed(): void {
    this.healedAt = performance.now();
  }

  /** Ends the load, and compares nothing. */
  stop(): void {
    this.stopped = true;
  }

  /** Ends the load, asks again for everything whose outcome nobody knows, and compares. */
  async settle(): Promise<Report> {
    this.stopped = true;
    await Promise.all(this.running);
    for (const entry of this.entries.filter(({ made }) => made === 'unknown')) await this.again(entry);
    return this.compare();
  }

  private async write(): Promise<void> {
    while (!this.stopped) {
      const name = `fault ${randomUUID()}`;
      const line = JSON.stringify({ text: name, mail: 'jane@example.org' });
      const entry: Entry = { name, key: randomUUID(), line, made: 'unknown', imported: 'not sent' };
      this.entries.push(entry);
      await this.make(entry);
      if (entry.id) entry.imported = (await this.import(entry)) ?? 'unknown';
    }
  }

  /** @param between ms from one request to the next, as long as answers come in time */
  private async read(between: number, madeUpMs: number): Promise<void> {
    for (let next = performance.now(); !this.stopped; next = Math.max(next + between, performance.now() - madeUpMs)) {
      await delay(Math.max(0, next - performance.now()));
      await this.ask('GET', '/datasets?limit=5');
    }
  }

  private async make(entry: Entry): Promise<void> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': entry.key };
    const answer = await this.ask('POST', '/datasets', { headers, body: JSON.stringify({ name: entry.name }) });
    entry.made = outcomeOf(answer?.status);
    if (answer?.status === 201) entry.id = (JSON.parse(answer.text) as { id: string }).id;
  }

  private async import({ id, line }: Entry): Promise<Entry['imported'] | null> {
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await this.ask('POST', `/datasets/${id!}/imports`, { headers, body: `${line}\n` });
    return outcomeOf(answer?.status);
  }

  private async again(entry: Entry): Promise<void> {
    const deadline = Date.now() + SETTLE_MS;
    while (entry.made === 'unknown' && Date.now() < deadline) {
      await this.make(entry);
      if (entry.made === 'unknown') await delay(200);
    }
  }

  private async ask(
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ status: number; text: string } | null> {
    const { url, token } = this.vault();
    this.requests += 1;
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch(() => null);
    const how = answer === null ? 'cut' : String(answer.status);
    if (answer === null || answer.status >= 400) this.how.set(how, (this.how.get(how) ?? 0) + 1);
    this.note(answer !== null && answer.status < 400);
    // Whoever is refused waits a little, as clients do.
    if (answer === null || answer.status >= 400) await delay(200);
    return answer;
  }

  private note(success: boolean): void {
    const now = performance.now();
    if (!success) {
      this.failed += 1;
      this.failing = true;
      return;
    }
    this.longestGap = Math.max(this.longestGap, now - this.lastSuccess);
    this.lastSuccess = now;
    if (this.failing && this.healedAt !== null) this.recovery ??= now - this.healedAt;
  }

  private async compare(): Promise<Report> {
    const names = await this.names();
    let [lost, wrong, doubled] = [0, 0, 0];
    for (const entry of this.entries) {
      const there = names.get(entry.name) ?? [];
      if (there.length > 1) doubled += 1;
      if (entry.made === 'acknowledged' && there.length === 0) lost += 1;
      if (entry.made === 'refused' && there.length > 0) wrong += 1;
      if (there.length === 0) continue;
      const lines = await this.linesOf(there[0]!);
      if (lines.some((line) => line !== entry.line)) wrong += 1;
      if (lines.length > 1) doubled += 1;
      if (entry.imported === 'acknowledged' && lines.length === 0) lost += 1;
      if (entry.imported === 'refused' && lines.length > 0) wrong += 1;
    }
    const of = (state: Entry['made']): number => this.entries.filter(({ made }) => made === state).length;
    return {
      acknowledged: of('acknowledged'),
      unknown: of('unknown'),
      refused: of('refused'),
      lost,
      wrong,
      doubled,
      requests: this.requests,
      failed: this.failed,
      how: [...this.how].map(([how, times]) => `${how}×${times}`).join(' '),
      longestGapMs: Math.round(this.longestGap),
      recoveryMs: this.recovery === null ? null : Math.round(this.recovery),
    };
  }

  private async names(): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page = (await this.vault().get<Page>(`/datasets?limit=100${after}`)).body;
      for (const { id, name } of page.items) found.set(name, [...(found.get(name) ?? []), id]);
      cursor = page.next_cursor;
    }
    return found;
  }

  private async linesOf(id: string): Promise<string[]> {
    const { status, text } = await this.vault().get(`/datasets/${id}/export`);
    if (status !== 200) throw new Error(`an export answered ${status}`);
    return text.split('\n').filter(Boolean);
  }
}

interface Page {
  items: { id: string; name: string }[];
  next_cursor: string | null;
}

function outcomeOf(status: number | undefined): 'acknowledged' | 'unknown' | 'refused' {
  if (status === 201) return 'acknowledged';
  return status !== undefined && status >= 400 && status < 500 ? 'refused' : 'unknown';
}

/** One line for each fault, as a table. */
export function tableOf(reports: ReadonlyMap<string, Report>): string {
  const columns = Object.keys([...reports.values()][0]!) as (keyof Report)[];
  const rows = [...reports].map(([fault, report]) => [
    fault,
    ...columns.map((column) => String(report[column] ?? '-')),
  ]);
  const head = ['fault', ...columns];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]!.length)));
  return [head, ...rows].map((row) => row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')).join('\n');
}
