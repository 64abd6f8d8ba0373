import { uuidToBytes } from '#kernel';
import type { JsonFinding } from '#pii';
import { bandsOfSketch, methodOf } from '../contents/content.sketch.ts';
import { RISKS } from '../statistics.ts';
import {
  BAND_COLUMNS,
  CONTENT_HASH_COLUMNS,
  FINDING_COLUMNS,
  SAID_COLUMNS,
  SKETCH_COLUMNS,
  VERSION_COLUMNS,
} from '../record-columns.ts';
import { CopyRows } from './copy-rows.ts';
import { idRandom, recordId } from './record-id.ts';
import type { MadeSegment, SaidOf, SegmentTask } from './segment.task.ts';

/** To which commit of which branch the rows belong, and where the content lies. */
export type RowsPlace = Pick<
  SegmentTask,
  'tenantId' | 'datasetId' | 'branchId' | 'seq' | 'segmentId' | 'offset' | 'startMs' | 'sketch'
>;

/** A path is for people to find the place again; one that is longer than this helps nobody. */
const MAX_PATH = 512;
/** About what a row takes, so that the buffers are made once. */
const VERSION_BYTES = 200;
const FINDING_BYTES = 220;
const HASH_BYTES = 140;
const SKETCH_ROW_BYTES = 460;

export interface RecordFacts {
  /** Where its line began in the batch. */
  at: number;
  bytes: number;
  block: number;
  position: number;
  leaf: Uint8Array;
  /** The highest of its findings, as an index into `RISKS`. */
  risk: number;
  findings: readonly JsonFinding[];
  /** One for each finding. */
  subjects: readonly (Uint8Array | null)[];
  /** Given for all of them, or for none. */
  said?: SaidOf;
  hash: Uint8Array | null;
  sketch: Uint8Array | null;
}

/** The rows of a segment's records, as COPY takes them. */
export class SegmentRows {
  readonly #place: RowsPlace;
  readonly #ids: { tenant: Buffer; dataset: Buffer; branch: Buffer; segment: Buffer };
  readonly #record = Buffer.alloc(16);
  readonly #random: Uint8Array;
  readonly #versions: CopyRows;
  readonly #findings: CopyRows;
  readonly #hashes: CopyRows;
  readonly #sketches: CopyRows;
  readonly #method: number;

  constructor(place: RowsPlace, records: number, hasSaid: boolean) {
    this.#place = place;
    this.#ids = {
      tenant: uuidToBytes(place.tenantId),
      dataset: uuidToBytes(place.datasetId),
      branch: uuidToBytes(place.branchId),
      segment: uuidToBytes(place.segmentId),
    };
    this.#random = idRandom(records);
    this.#versions = new CopyRows((hasSaid ? SAID_COLUMNS : VERSION_COLUMNS).length, records * VERSION_BYTES);
    this.#findings = new CopyRows(FINDING_COLUMNS.length, 16 * FINDING_BYTES);
    this.#hashes = new CopyRows(CONTENT_HASH_COLUMNS.length, 16 * HASH_BYTES);
    this.#sketches = new CopyRows(SKETCH_COLUMNS.length, 16 * SKETCH_ROW_BYTES);
    this.#method = place.sketch ? methodOf(place.sketch) : 0;
  }

  /** @returns its id, good until the next call */
  add(record: RecordFacts): Uint8Array {
    const { offset, startMs } = this.#place;
    const random = this.#random.subarray(4 * this.#versions.rows);
    recordId(startMs, offset + record.at, random, this.#record);
    record.findings.forEach((finding, ordinal) => {
      this.#addFinding(finding, ordinal, RISKS.indexOf(finding.risk), record.subjects[ordinal] ?? null);
    });
    this.#addVersion(record);
    if (record.hash) this.#addHash(record.leaf, record.hash);
    if (record.sketch) this.#addSketch(record.leaf, record.sketch);
    return this.#record;
  }

  finish(): Pick<MadeSegment, 'versions' | 'findings' | 'hashes' | 'sketches'> {
    const finished = (rows: CopyRows): MadeSegment['findings'] => (rows.rows > 0 ? rows.finish() : null);
    return {
      versions: this.#versions.finish(),
      findings: finished(this.#findings),
      hashes: finished(this.#hashes),
      sketches: finished(this.#sketches),
    };
  }

  #addHash(leaf: Uint8Array, hash: Uint8Array): void {
    const rows = this.#hashes;
    rows.row();
    for (const value of [this.#ids.tenant, this.#ids.dataset, this.#record, leaf, hash]) rows.bytes(value);
  }

  #addSketch(leaf: Uint8Array, sketch: Uint8Array): void {
    const rows = this.#sketches;
    rows.row();
    for (const value of [this.#ids.tenant, this.#ids.dataset, this.#record, leaf]) rows.bytes(value);
    rows.integer(this.#method);
    rows.bytes(sketch);
    const bands = bandsOfSketch(sketch);
    if (bands) for (const band of bands) rows.integer(band);
    else for (const _ of BAND_COLUMNS) rows.null();
  }

  #addVersion({ bytes, block, position, leaf, risk, said }: RecordFacts): void {
    const rows = this.#versions;
    this.#begin(rows);
    rows.bytes(this.#ids.segment);
    rows.integer(block);
    rows.integer(position);
    rows.integer(bytes);
    rows.smallint(risk);
    rows.bytes(leaf);
    if (said) this.#addSaid(said);
  }

  #addSaid({ labels, metadata, ...texts }: SaidOf): void {
    const rows = this.#versions;
    if (labels) rows.texts(labels);
    else rows.null();
    for (const name of ['split', 'source', 'license', 'language'] as const) {
      if (texts[name] === null) rows.null();
      else rows.text(texts[name]);
    }
    if (metadata) rows.jsonb(JSON.stringify(metadata));
    else rows.null();
  }

  #addFinding(finding: JsonFinding, ordinal: number, risk: number, subject: Uint8Array | null): void {
    const rows = this.#findings;
    this.#begin(rows);
    rows.integer(ordinal);
    rows.text(finding.type);
    rows.smallint(risk);
    rows.text(finding.path.length > MAX_PATH ? `${finding.path.slice(0, MAX_PATH)}…` : finding.path);
    rows.integer(finding.start);
    rows.integer(finding.end);
    rows.real(finding.confidence);
    rows.text(finding.detector);
    rows.integer(finding.ruleVersion);
    if (subject) rows.bytes(subject);
    else rows.null();
  }

  /** The columns both kinds of row begin with. */
  #begin(rows: CopyRows): void {
    rows.row();
    rows.bytes(this.#ids.tenant);
    rows.bytes(this.#ids.dataset);
    rows.bytes(this.#ids.branch);
    rows.bytes(this.#record);
    rows.bigint(this.#place.seq);
  }
}
