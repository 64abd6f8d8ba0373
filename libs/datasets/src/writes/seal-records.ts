import { packSegment } from '#crypto';
import { isPersonal, type PiiScanner, scannerBy } from '#pii';
import { ContentHasher } from '../contents/content.hash.ts';
import { checkBy } from '../schemas/record.check.ts';
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
    task.contentKey.fill(0);
    task.rules?.allowKey.fill(0);
  }
}

function seal(task: RecordsTask): RecordsResult {
  const { key, tenantId, datasetId, segmentId, subjectKey, minConfidence, rules, records } = task;
  const scanner = scannerBy(rules, { minConfidence, datasetId });
  const subjects = new SubjectIndex(subjectKey);
  const hasher = new ContentHasher(task.contentKey);
  const check = checkBy(task.check);
  const refused = records.map(({ line, attributes }): Unsealed | null => {
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
  const placed = records.map(({ line }, i): PlacedRecord | Unsealed => {
    if (refused[i]) return refused[i];
    const at = next++;
    const findings = findingsIn(line, scanner, subjects);
    return {
      block: packed.places.block[at]!,
      position: packed.places.position[at]!,
      bytes: line.length,
      leaf: packed.leaves.slice(32 * at, 32 * at + 32),
      hash: hasher.of(textOf(line)),
      risk: findings.reduce((highest, { risk }) => Math.max(highest, risk), 0),
      findings,
    };
  });
  const { noncePrefix, blockOffsets, plainBytes } = packed;
  const bytes = packed.bytes as Uint8Array<ArrayBuffer>;
  return { sealed: { bytes, noncePrefix, blockOffsets, plainBytes, records: kept.length }, records: placed };
}

function personalIn(attributes: string, scanner: PiiScanner): string[] {
  const found = scanner.scanJson(attributes).filter(({ risk }) => isPersonal(risk));
  return [...new Set(found.map(({ path }) => shownPath(path)))];
}

function findingsIn(line: Uint8Array, scanner: PiiScanner, subjects: SubjectIndex): FoundRow[] {
  const rows: FoundRow[] = [];
  scanner.scanJson(textOf(line), (finding, value) => {
    rows.push(foundRow(finding, rows.length, subjects.of(finding.type, value)));
  });
  return rows;
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
}
