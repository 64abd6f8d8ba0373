import { randomBytes } from 'node:crypto';
import { type KeyService, segmentShareOf } from '#crypto';
import { newId, type VaultError } from '#kernel';
import type { BlobStore } from '#storage';
import type { TenantRules } from '#pii-rules';
import type { RunOptions } from '#workers';
import { traceKeys } from '../contents/trace.keys.ts';
import type { Traces } from '../contents/traces.ts';
import type { AnonymizeTask } from '../ingest/segment.task.ts';
import type { NewSegment, Segment } from '../segment.entity.ts';
import { sealedColumnsOf } from '../segment-key.ts';
import type { RecordRules } from '../schemas/record.check.ts';
import { SchemaMismatch } from '../schemas/schema.errors.ts';
import { MetadataPersonal } from './write.errors.ts';
import type { PlacedRecord, RecordsResult, RecordsTask } from './records.task.ts';

/** What is known of a segment before its commit is. */
export type SealedSegment = Omit<NewSegment, 'commitId'>;

/** Or why it is not: MetadataPersonal, SchemaMismatch. */
export type Sealed = (PlacedRecord & { segmentId: string }) | VaultError;

export interface ToSeal {
  line: Uint8Array;
  attributes: string | null;
}

export interface HowToSeal {
  /** What the dataset asks of its records; null where it asks nothing. */
  check: RecordRules | null;
  /** What gates have to know of what they say. */
  traces: Traces;
  /** What is done about personal data in them before; nothing when left out. */
  anonymize?: AnonymizeTask | null;
}

/** Threads that seal. */
export interface SealingPool {
  run(task: RecordsTask, options?: RunOptions): Promise<RecordsResult>;
}

/** Operators make text longer: what is anonymized begins with a quarter of it. Half of what a segment may have: what cannot be compressed stays below it too. */
const SEGMENT_SHARE = 4 * 1024 * 1024 + 4096;

/** Scans, seals and stores records, before there is a row that names them. */
export class RecordSealer {
  constructor(
    private readonly blobs: BlobStore,
    private readonly keys: KeyService,
    private readonly pool: SealingPool,
    private readonly rules: Pick<TenantRules, 'of'>,
    private readonly minConfidence: number,
  ) {}

  /** In the order they were given. When this fails, nothing is left behind. */
  async seal(
    tenantId: string,
    datasetId: string,
    records: readonly ToSeal[],
    how: HowToSeal,
  ): Promise<{ segments: SealedSegment[]; records: Sealed[] }> {
    const segments: SealedSegment[] = [];
    const sealed: Sealed[] = [];
    try {
      for (const some of portions(records, how.anonymize ? SEGMENT_SHARE / 4 : SEGMENT_SHARE)) {
        const made = await this.one({ tenantId, datasetId }, some, how);
        if (made.segment) segments.push(made.segment);
        sealed.push(...made.records);
      }
    } catch (error) {
      await this.discard(segments);
      throw error;
    }
    return { segments, records: sealed };
  }

  /** What sealing would make of them: under a key that is thrown away, and stored nowhere. */
  async look(tenantId: string, datasetId: string, records: readonly ToSeal[], how: HowToSeal): Promise<Sealed[]> {
    const looked: Sealed[] = [];
    for (const some of portions(records, SEGMENT_SHARE)) {
      const place = { tenantId, datasetId, segmentId: newId() };
      const result = await this.run(place, randomBytes(32), some, how);
      looked.push(...result.records.map((each) => sealedOf(each, place.segmentId)));
    }
    return looked;
  }

  /** Takes segments away that no row names. One that stays nobody can open: its key is gone. */
  async discard(segments: readonly Pick<Segment, 'id'>[]): Promise<void> {
    await Promise.all(segments.map(({ id }) => this.blobs.delete(id).catch(() => undefined)));
  }

  private async one(
    { tenantId, datasetId }: { tenantId: string; datasetId: string },
    records: readonly ToSeal[],
    how: HowToSeal,
  ): Promise<{ segment: SealedSegment | null; records: Sealed[] }> {
    const place = { tenantId, datasetId, segmentId: newId() };
    const { key, wrapped } = await this.keys.newSegmentKey(place);
    const result = await this.run(place, key, records, how);
    const { sealed } = result;
    if (sealed) await this.blobs.put(place.segmentId, sealed.bytes);
    const segment = sealed && {
      id: place.segmentId,
      tenantId,
      datasetId,
      ...sealedColumnsOf(wrapped, sealed),
    };
    return { segment, records: result.records.map((each) => sealedOf(each, place.segmentId)) };
  }

  private async run(
    place: { tenantId: string; datasetId: string; segmentId: string },
    key: Uint8Array,
    records: readonly ToSeal[],
    { check, traces, anonymize = null }: HowToSeal,
  ): Promise<RecordsResult> {
    const { tenantId } = place;
    const subjectKey = await this.keys.tenantSecret(tenantId, 'subject-index');
    return this.pool.run({
      kind: 'records',
      ...place,
      key,
      subjectKey,
      ...(await traceKeys(this.keys, tenantId, traces)),
      minConfidence: this.minConfidence,
      rules: await this.rules.of(tenantId),
      check,
      anonymize,
      records: [...records],
    });
  }
}

function sealedOf(record: RecordsResult['records'][number], segmentId: string): Sealed {
  if ('wrong' in record) {
    const { path, reason } = record.wrong;
    return new SchemaMismatch().with({ issues: [{ pointer: `/content${path}`, detail: reason }] });
  }
  if (!('personal' in record)) return { ...record, segmentId };
  const issues = record.personal.map((pointer) => ({ pointer, detail: 'Personal data: it belongs into the content' }));
  return new MetadataPersonal().with({ issues });
}

function portions(records: readonly ToSeal[], most: number): ToSeal[][] {
  const all: ToSeal[][] = [];
  let share = Infinity;
  for (const record of records) {
    const more = segmentShareOf(record.line.length);
    if (share + more > most) {
      all.push([]);
      share = 0;
    }
    all.at(-1)!.push(record);
    share += more;
  }
  return all;
}
