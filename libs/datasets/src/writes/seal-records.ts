import { packSegment } from '#crypto';
import { isPersonal, type JsonFinding, type PiiScanner, scannerBy, type Surrogates } from '#pii';
import { ContentHasher } from '../contents/content.hash.ts';
import { ContentSketcher } from '../contents/content.sketch.ts';
import { checkBy } from '../schemas/record.check.ts';
import { wrongWith } from '../ingest/line-check.ts';
import { LineTaker } from '../ingest/line.taker.ts';
import { SubjectIndex } from '../ingest/subject-index.ts';
import { foundRow, type FoundRow, shownPath } from './finding-rows.ts';
import type { PlacedRecord, RecordsResult, RecordsTask, Unsealed } from './records.task.ts';

/** Scans records and seals them as one segment. Runs to its end on a thread; overwrites the keys it was given. */
export function sealRecords(task: RecordsTask): RecordsResult {
  try {
    return seal(task);
  } finally {
    task.key.fill(0);
    task.subjectKey.fill(0);
    task.contentKey?.fill(0);
    task.sketch?.key.fill(0);
    task.rules?.allowKey.fill(0);
    task.anonymize?.hashKey.fill(0);
  }
}

function seal(task: RecordsTask): RecordsResult {
  const { key, tenantId, datasetId, segmentId, subjectKey, minConfidence, rules } = task;
  const records = task.anonymize ? anonymized(task, new LineTaker(task, task.anonymize)) : task.records.map(asItIs);
  const scanner = scannerBy(rules, { minConfidence, datasetId });
  const subjects = new SubjectIndex(subjectKey);
  const traced = tracer(task);
  const check = checkBy(task.check);
  const refused = records.map(({ line, attributes, wrong: broken }): Unsealed | null => {
    if (broken) return { wrong: broken };
    const personal = attributes ? personalIn(attributes, scanner) : [];
    if (personal.length > 0) return { personal };
    const wrong = check?.wrongIn(textOf(line));
    return wrong ? { wrong } : null;
  });
  const kept = records.filter((_, i) => !refused[i]);
  if (kept.length === 0) return { sealed: null, records: refused.map((each) => each!) };
  const packed = packSegment(
    { key, tenantId, datasetId, segmentId },
    kept.map(({ line }) => line),
  );
  let next = 0;
  const placed = records.map(({ line, surrogates }, i): PlacedRecord | Unsealed => {
    if (refused[i]) return refused[i];
    const at = next++;
    const findings = findingsIn(line, scanner, { subjects, surrogates });
    return {
      block: packed.places.block[at]!,
      position: packed.places.position[at]!,
      bytes: line.length,
      leaf: packed.leaves.slice(32 * at, 32 * at + 32),
      ...traced(line),
      risk: findings.reduce((highest, { risk }) => Math.max(highest, risk), 0),
      findings,
    };
  });
  const { noncePrefix, blockOffsets, plainBytes } = packed;
  const bytes = packed.bytes as Uint8Array<ArrayBuffer>;
  return { sealed: { bytes, noncePrefix, blockOffsets, plainBytes, records: kept.length }, records: placed };
}

interface ToSeal {
  line: Uint8Array;
  attributes: string | null;
  /** What was put in the place of values. */
  surrogates: Surrogates | undefined;
  /** Operators may make a text longer than a record may be. */
  wrong: { path: string; reason: string } | null;
}

function asItIs(record: RecordsTask['records'][number]): ToSeal {
  return { ...record, surrogates: undefined, wrong: null };
}

function anonymized({ records }: RecordsTask, taker: LineTaker): ToSeal[] {
  return records.map(({ line, attributes }) => {
    const { source, surrogates } = taker.of(textOf(line));
    const bytes = Buffer.from(source);
    const wrong = wrongWith(bytes, source);
    return { line: bytes, attributes, surrogates, wrong: wrong && { path: '', reason: wrong.reason } };
  });
}

/** Says of a content what gates have to know of it. */
function tracer({
  contentKey,
  sketch,
  datasetId,
}: RecordsTask): (line: Uint8Array) => Pick<PlacedRecord, 'hash' | 'sketch'> {
  const hasher = contentKey && new ContentHasher(contentKey);
  const sketcher = sketch && new ContentSketcher(sketch, datasetId);
  return (line) => ({ hash: hasher && hasher.of(textOf(line)), sketch: sketcher && sketcher.of(textOf(line)) });
}

function personalIn(attributes: string, scanner: PiiScanner): string[] {
  const found = scanner.scanJson(attributes).filter(({ risk }) => isPersonal(risk));
  return [...new Set(found.map(({ path }) => shownPath(path)))];
}

function findingsIn(
  line: Uint8Array,
  scanner: PiiScanner,
  { subjects, surrogates }: { subjects: SubjectIndex; surrogates: Surrogates | undefined },
): FoundRow[] {
  const rows: FoundRow[] = [];
  const each = (finding: JsonFinding, value: string): unknown =>
    rows.push(foundRow(finding, rows.length, subjects.of(finding.type, value)));
  scanner.scanJson(textOf(line), each, surrogates);
  return rows;
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
}
