import { type JsonFinding, type PiiScanner, scannerBy, type Surrogates } from '#pii';
import { ContentHasher } from '../contents/content.hash.ts';
import { ContentSketcher } from '../contents/content.sketch.ts';
import { type Gate, isBlocked, isHeld, SHOWN, typesOf } from '../gates/gate.ts';
import { checkBy, type RecordCheck } from '../schemas/record.check.ts';
import { emptyStatistics, MOST_SPLITS, RISKS } from '../statistics.ts';
import { notUtf8, wrongWith } from './line-check.ts';
import { type KeptLine, sealLines } from './kept.lines.ts';
import { LineTaker } from './line.taker.ts';
import type { LineError } from './line-error.ts';
import { isWrong, SaidReader } from './said.reader.ts';
import type { AnonymizedCounts, HoldTask, SegmentResult, SegmentTask, TriedLine } from './segment.task.ts';
import { SubjectIndex } from './subject-index.ts';

const NEWLINE = 0x0a;
const BOM = Buffer.from('\ufeff');

/**
 * Lines in, one sealed segment and its rows out: checks each line, scans it for personal data, anonymizes it where
 * that is asked for, and seals what is good. Runs to its end on a thread; overwrites the keys it was given.
 */
export function makeSegment(task: SegmentTask): SegmentResult {
  const maker = new SegmentMaker(task);
  try {
    maker.readLines();
    return maker.finish();
  } finally {
    for (const key of [
      task.key,
      task.subjectKey,
      task.contentKey,
      task.sketch?.key,
      task.rules?.allowKey,
      task.anonymize?.hashKey,
      task.hold?.key,
    ]) {
      key?.fill(0);
    }
  }
}

class SegmentMaker {
  readonly #task: SegmentTask;
  readonly #bytes: Buffer;
  readonly #scanner: PiiScanner;
  readonly #taker: LineTaker | null;
  readonly #check: RecordCheck | null;
  readonly #said: SaidReader | null;
  readonly #subjects: SubjectIndex;
  readonly #hasher: ContentHasher | null;
  readonly #sketcher: ContentSketcher | null;
  readonly #kept: KeptLine[] = [];
  readonly #bySplit = new Map<string, number>();
  readonly #applied = new Map<string, AnonymizedCounts['applied'][number]>();
  readonly #result: SegmentResult;

  constructor(task: SegmentTask) {
    this.#task = task;
    this.#bytes = Buffer.from(task.lines.buffer, task.lines.byteOffset, task.lines.length);
    const datasetId = task.anonymize?.fromDatasetId ?? task.datasetId;
    this.#scanner = scannerBy(task.rules, { minConfidence: task.minConfidence, datasetId });
    this.#taker = task.anonymize && new LineTaker(task, task.anonymize);
    this.#check = checkBy(task.check);
    this.#said = task.saidFrom && new SaidReader(task.saidFrom, this.#scanner);
    this.#subjects = new SubjectIndex(task.subjectKey);
    this.#hasher = task.contentKey && new ContentHasher(task.contentKey);
    this.#sketcher = task.sketch && new ContentSketcher(task.sketch, task.datasetId);
    this.#result = {
      segment: null,
      held: null,
      statistics: emptyStatistics(),
      quarantined: 0,
      rejected: 0,
      errors: [],
      anonymized: null,
      tried: null,
    };
    if (task.anonymize) this.#result.anonymized = { applied: [], residual: 0 };
  }

  readLines(): void {
    const checkUtf8 = notUtf8(this.#bytes);
    let line = this.#task.firstLine;
    for (let start = 0; start < this.#bytes.length; line += 1) {
      const end = this.#bytes.indexOf(NEWLINE, start);
      this.#readLine(line, start, end, checkUtf8);
      start = end + 1;
    }
  }

  finish(): SegmentResult {
    const { checkOnly, dryRun, hold, judge } = this.#task;
    const result = this.#result;
    if (result.anonymized) result.anonymized.applied = [...this.#applied.values()];
    if (checkOnly) return result;
    const now = new Date();
    const back = new Set(hold && this.#kept.filter(({ findings }) => isHeld(hold.gates, findings.map(foundOf), now)));
    const passing = back.size > 0 ? this.#kept.filter((line) => !back.has(line)) : this.#kept;
    for (const line of passing) this.#count(line);
    result.statistics.recordsBySplit = this.#bySplit.size > MOST_SPLITS ? undefined : Object.fromEntries(this.#bySplit);
    result.quarantined = back.size;
    if (judge) result.tried = passing.map((line) => triedOf(line, judge, now));
    if (dryRun) return result;
    if (passing.length > 0) result.segment = sealLines(this.#task, passing);
    if (hold && back.size > 0) result.held = this.#hold(hold, [...back]);
    return result;
  }

  #hold({ branchId, seq, segmentId, key }: HoldTask, lines: readonly KeptLine[]): SegmentResult['held'] {
    const ids: string[] = [];
    const segment = sealLines({ ...this.#task, branchId, seq, segmentId, key }, lines, ids);
    const records = lines.map(({ findings, risk }, i) => ({ recordId: ids[i]!, types: typesOf(findings), risk }));
    return { segment, records };
  }

  #readLine(line: number, from: number, end: number, checkUtf8: boolean): void {
    const hasMark = line === 1 && this.#bytes.subarray(0, 3).equals(BOM);
    const start = hasMark ? from + 3 : from;
    const bytes = this.#bytes.subarray(start, end);
    if (isBlank(bytes)) return;
    if (checkUtf8 && notUtf8(bytes)) return this.#reject({ line, reason: 'not valid UTF-8' });
    const text = bytes.toString('utf8');
    const wrong = wrongWith(bytes, text);
    if (wrong) return this.#reject({ line, ...wrong });
    // What is made of a line is looked at, and not what it was made of.
    const unfit = this.#taker ? null : (this.#check?.wrongIn(text) ?? null);
    if (unfit) return this.#reject({ line, ...unfit });
    const said = this.#said?.of(text);
    if (said && isWrong(said)) return this.#reject({ line, ...said });
    if (this.#task.checkOnly) return;
    if (this.#taker) this.#keepAnonymized(line, this.#taker.of(text), start);
    else this.#keep({ line, bytes, at: start, said }, text);
  }

  /** What was put in the place of values is no finding, and stands for nobody. */
  #keep(line: Pick<KeptLine, 'line' | 'bytes' | 'at' | 'said'>, text: string, surrogates?: Surrogates): void {
    const subjects: (Buffer | null)[] = [];
    const each = ({ type }: JsonFinding, value: string): unknown => subjects.push(this.#subjects.of(type, value));
    const findings = this.#scanner.scanJson(text, each, surrogates);
    const risk = findings.reduce((highest, found) => Math.max(highest, RISKS.indexOf(found.risk)), 0);
    const [hash, sketch] = [this.#hasher && this.#hasher.of(text), this.#sketcher && this.#sketcher.of(text)];
    this.#kept.push({ ...line, findings, risk, subjects, hash, sketch });
  }

  #keepAnonymized(line: number, taken: ReturnType<LineTaker['of']>, at: number): void {
    const { source, applied, residual, surrogates } = taken;
    const bytes = Buffer.from(source);
    const wrong = wrongWith(bytes, source) ?? this.#check?.wrongIn(source);
    // Operators may make a text longer; one that no longer fits must not be dropped in silence.
    if (wrong) return this.#reject({ line, ...wrong });
    for (const each of applied) {
      const name = `${each.type} ${each.operator}`;
      const known = this.#applied.get(name);
      if (known) known.count += each.count;
      else this.#applied.set(name, { ...each });
    }
    this.#result.anonymized!.residual += residual;
    this.#keep({ line, bytes, at }, source, surrogates);
  }

  /** A batch has some thousand lines: all its errors are told. */
  #reject(error: LineError): void {
    this.#result.rejected += 1;
    this.#result.errors.push(error);
  }

  #count({ bytes, findings, risk: highest, said }: KeptLine): void {
    const { statistics } = this.#result;
    statistics.records += 1;
    statistics.bytes += bytes.length;
    for (const { type, risk } of findings) {
      statistics.findingsByType[type] = (statistics.findingsByType[type] ?? 0) + 1;
      statistics.findingsByRisk[risk] = (statistics.findingsByRisk[risk] ?? 0) + 1;
    }
    const risk = RISKS[highest]!;
    statistics.recordsByRisk[risk] = (statistics.recordsByRisk[risk] ?? 0) + 1;
    if (said?.split) this.#bySplit.set(said.split, (this.#bySplit.get(said.split) ?? 0) + 1);
  }
}

function foundOf({ type, risk }: JsonFinding): { type: string; risk: number } {
  return { type, risk: RISKS.indexOf(risk) };
}

function triedOf({ line, findings, said, hash, sketch }: KeptLine, gates: readonly Gate[], now: Date): TriedLine {
  const found = findings.map((each) => ({ ...foundOf(each), path: each.path }));
  const blocked = found.filter((each) => isBlocked(gates, each, now)).slice(0, SHOWN);
  return { line, said: said ?? null, blocked, hash, sketch };
}

/** Nothing but blanks: no record, and no mistake either. */
function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
