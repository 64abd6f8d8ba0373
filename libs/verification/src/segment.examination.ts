import { type KeyService, openSegment } from '#crypto';
import type { Database } from '#database';
import { VaultError } from '#kernel';
import type { BlobStore } from '#storage';
import { findSegment, segmentKeyOf, type SegmentRow } from './segment.row.ts';
import type { Findings } from './verification.report.ts';

/** Segments whose leaves are held: records that follow one another lie in the same few. */
const HELD = 16;

export type Leaves = readonly (readonly Uint8Array[])[];

/** Opens whole segments, once each where that can be helped, and keeps of them only what records are committed to by. */
export class SegmentExamination {
  private readonly held = new Map<string, Leaves | null>();
  /** Every segment that was looked at. */
  readonly seen = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly keys: KeyService,
    private readonly findings: Findings,
  ) {}

  /** The leaves by block and position, computed from what is in the object; null when it does not open. */
  async leaves(tenantId: string, segmentId: string): Promise<Leaves | null> {
    const held = this.held.get(segmentId);
    if (held !== undefined) return held;
    const row = await findSegment(this.database, tenantId, segmentId);
    const leaves = row ? await this.open(row) : null;
    this.held.set(segmentId, leaves);
    if (this.held.size > HELD) this.held.delete(this.held.keys().next().value!);
    return leaves;
  }

  async open(row: SegmentRow): Promise<Leaves | null> {
    const first = !this.seen.has(row.id);
    this.seen.add(row.id);
    try {
      return await this.read(row);
    } catch (error) {
      if (!(error instanceof VaultError) || error.kind === 'unavailable') throw error;
      const kind = error.wireCode === 'BLOB_NOT_FOUND' ? 'object-missing' : 'segment-does-not-open';
      if (first) this.findings.add({ kind, id: row.id, tenant: row.tenantId, detail: error.message });
      return null;
    }
  }

  private async read(row: SegmentRow): Promise<Leaves> {
    const place = { tenantId: row.tenantId, datasetId: row.dataset_id, segmentId: row.id };
    const key = await this.keys.openSegmentKey(place, segmentKeyOf(row));
    const sealed = { ...place, key, noncePrefix: row.nonce_prefix, blockCount: row.block_offsets.length - 1 };
    const leaves: Uint8Array[][] = [];
    for (const block of openSegment(sealed, await this.blobs.get(row.id))) {
      leaves.push(Array.from({ length: block.count }, (_, index) => block.leaf(index)));
    }
    return leaves;
  }
}
