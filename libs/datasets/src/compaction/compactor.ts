import type { Audit } from '#audit';
import type { KeyService, WrappedSegmentKey } from '#crypto';
import type { Database } from '#database';
import { type Log, newId, showId } from '#kernel';
import type { BlobStore } from '#storage';
import type { Leftovers } from '../leftovers.ts';
import type { RecordRepository } from '../record.repository.ts';
import { sealedColumnsOf } from '../segment-key.ts';
import type { SegmentReader } from '../segment.reader.ts';
import type { CompactionCounters } from './compaction.counters.ts';
import type { CompactionRepository, OldPlace } from './compaction.repository.ts';
import { linesOf } from './old.lines.ts';
import type { Repacked, RepackPool } from './repack.task.ts';

/** Past this, whoever was about to name a new object is taken for dead. */
const NAMED_WITHIN_SECONDS = 3600;

/** Whose segments, and by whom it was asked for; null where nobody asked. */
export interface ToCompact {
  tenantId: string;
  datasetId: string;
  actor: string | null;
  signal: AbortSignal;
}

export interface Compacted {
  /** How many segments were put together, and into how many. */
  from: number;
  into: number;
  /** Sealed, of those that were put together. */
  bytes: number;
}

export interface CompactorParts {
  database: Database;
  compaction: CompactionRepository;
  records: RecordRepository;
  segments: SegmentReader;
  leftovers: Leftovers;
  blobs: BlobStore;
  keys: KeyService;
  pool: RepackPool;
  audit: Audit;
  counters: CompactionCounters;
  log: Log;
}

interface Claimed {
  ids: string[];
  places: OldPlace[];
  bytes: number;
}

interface Made {
  id: string;
  wrapped: WrappedSegmentKey;
  packed: Repacked;
}

/**
 * Puts small segments together: what records say, and what they are committed to by, stays, and only where they lie
 * changes. Cut short anywhere, it leaves what was there, and an object that is written down as left over.
 */
export class Compactor {
  constructor(private readonly parts: CompactorParts) {}

  async run(to: ToCompact, progress: (segments: number) => Promise<void> = async () => undefined): Promise<Compacted> {
    const { compaction, log } = this.parts;
    const started = Date.now();
    // Somebody who goes on writing would keep it from ever ending.
    const before = newId();
    const done: Compacted = { from: 0, into: 0, bytes: 0 };
    await compaction.summarize();
    for (;;) {
      to.signal.throwIfAborted();
      const claimed = await this.claim(to, before);
      if (!claimed) break;
      if (!(await this.compact(to, claimed))) break;
      done.from += claimed.ids.length;
      done.into += claimed.places.length > 0 ? 1 : 0;
      done.bytes += claimed.bytes;
      await progress(done.from);
    }
    if (done.from > 0) {
      const fields = { resource: showId('ds', to.datasetId), count: done.from, bytes: done.bytes };
      log.info({ event_type: 'compaction', ...fields, ms: Date.now() - started }, 'segments were compacted');
    }
    return done;
  }

  private claim({ tenantId, datasetId }: ToCompact, before: string): Promise<Claimed | null> {
    const { database, compaction, records } = this.parts;
    return database.inTenant(tenantId, async () => {
      const ids = await compaction.claim(datasetId, before);
      if (ids.length === 0) return null;
      const rows = await records.segments(ids);
      const bytes = rows.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0);
      return { ids, places: await compaction.places(ids), bytes };
    });
  }

  /** False when others were faster, or took the dataset away. */
  private async compact(to: ToCompact, claimed: Claimed): Promise<boolean> {
    const { database, counters } = this.parts;
    const made = claimed.places.length > 0 ? await this.make(to, claimed) : null;
    const isDone = await database.inTenant(to.tenantId, () => this.swap(to, claimed, made));
    if (isDone) counters.compacted(claimed.ids.length, claimed.bytes);
    return isDone;
  }

  /** The new object, stored, and no row names it yet. */
  private async make({ tenantId, datasetId, signal }: ToCompact, { ids, places }: Claimed): Promise<Made> {
    const { database, records, segments, leftovers, blobs, keys, pool } = this.parts;
    const rows = await database.inTenant(tenantId, () => records.segments(ids));
    const lines = await linesOf(segments, rows, places, signal);
    const place = { tenantId, datasetId, segmentId: newId() };
    const { key, wrapped } = await keys.newSegmentKey(place);
    const packed = await pool.run({ kind: 'repack', ...place, key, ...lines });
    const id = place.segmentId;
    await database.inTenant(tenantId, () => leftovers.add(tenantId, [id], NAMED_WITHIN_SECONDS));
    await blobs.put(id, packed.bytes);
    return { id, wrapped, packed };
  }

  /** All rows name the new place from here on, or none does. Writers wait: they go by where rows are. */
  private async swap(to: ToCompact, { ids, places, bytes }: Claimed, made: Made | null): Promise<boolean> {
    const { compaction, records, leftovers, audit } = this.parts;
    const { tenantId, datasetId, actor } = to;
    const branchIds = await compaction.holdBranches(datasetId);
    const commitId = await compaction.holdSegments(ids);
    if (commitId === null) return false;
    if (made) {
      const { id, packed, wrapped } = made;
      if (!(await leftovers.take(id))) return false;
      await records.insertSegment({
        id,
        tenantId,
        datasetId,
        commitId,
        ...sealedColumnsOf(wrapped, { ...packed, records: places.length }),
      });
      await compaction.move(branchIds, places, id, packed.places);
    }
    await compaction.retire(ids);
    const details = { segments: ids.length, bytes, into: made?.id ?? null };
    const entry = { action: 'segment.compact', resource: showId('ds', datasetId), details };
    await audit.append({ id: actor, tenantId }, entry);
    return true;
  }
}
