import type { Database } from '#database';
import { joined } from './json-lines.ts';
import type { Layer } from './layers.ts';
import type { RecordRepository } from './record.repository.ts';
import type { StoredVersion } from './record-version.entity.ts';
import type { Segment } from './segment.entity.ts';
import type { Run, SegmentReader } from './segment.reader.ts';

/** Rows asked for at once while streaming: a few MB of records. */
const PAGE = 4096;

/** Streams what is visible at a commit. Each page is a transaction of its own: a commit never changes under a reader. */
export class RecordReader {
  constructor(
    private readonly database: Database,
    private readonly records: RecordRepository,
    private readonly segments: SegmentReader,
  ) {}

  /** The exact bytes of given rows, in their order. */
  async contents(tenantId: string, rows: StoredVersion[]): Promise<Uint8Array[]> {
    const lines: Uint8Array[] = [];
    for (const run of await this.runs(tenantId, rows, new Map())) lines.push(...(await this.segments.lines(run)));
    return lines;
  }

  /** The same for rows from all over: each block is opened once, and none is held on to. */
  async scattered(tenantId: string, rows: StoredVersion[]): Promise<Uint8Array[]> {
    const order = rows.map((_, i) => i).sort((a, b) => placeOf(rows[a]!, rows[b]!));
    const sorted = order.map((i) => rows[i]!);
    const lines = new Array<Uint8Array>(rows.length);
    let next = 0;
    for (const run of await this.runs(tenantId, sorted, new Map())) {
      for (const line of await this.segments.lines(run)) lines[order[next++]!] = Buffer.from(line);
    }
    return lines;
  }

  /**
   * Every record seen through the layers as JSONL, in batches of whole lines, each line with its newline. The next page is
   * fetched while one is given out.
   */
  async *stream(tenantId: string, layers: readonly Layer[]): AsyncGenerator<Buffer> {
    const known = new Map<string, Segment>();
    let next = this.runsAfter(tenantId, layers, null, known);
    for (;;) {
      const { runs, last } = await next;
      if (last === null) return;
      next = this.runsAfter(tenantId, layers, last, known);
      // Not awaited until the next round: a failure meanwhile must not count as unhandled.
      next.catch(() => undefined);
      for (const run of runs) yield joined(await this.segments.lines(run));
    }
  }

  private async runsAfter(
    tenantId: string,
    layers: readonly Layer[],
    after: string | null,
    known: Map<string, Segment>,
  ): Promise<{ runs: Run[]; last: string | null }> {
    const rows = await this.database.inTenant(tenantId, () => this.records.page(layers, PAGE, after));
    return { runs: await this.runs(tenantId, rows, known), last: rows.at(-1)?.recordId ?? null };
  }

  private async runs(tenantId: string, rows: StoredVersion[], known: Map<string, Segment>): Promise<Run[]> {
    const missing = [...new Set(rows.map((row) => row.segmentId))].filter((id) => !known.has(id));
    if (missing.length > 0) {
      const segments = await this.database.inTenant(tenantId, () => this.records.segments(missing));
      for (const segment of segments) known.set(segment.id, segment);
    }
    const runs: Run[] = [];
    for (const row of rows) {
      const current = runs.at(-1);
      if (current?.segment.id === row.segmentId) current.rows.push(row);
      else runs.push({ segment: known.get(row.segmentId)!, rows: [row] });
    }
    return runs;
  }
}

/** By where they lie. */
function placeOf(a: StoredVersion, b: StoredVersion): number {
  if (a.segmentId !== b.segmentId) return a.segmentId < b.segmentId ? -1 : 1;
  return a.block - b.block || a.position - b.position;
}
