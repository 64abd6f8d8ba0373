import type { Writable } from 'node:stream';
import { PiiScanner, type Risk, RISKS } from '#pii';
import { Baseline, fingerprintOf } from '../scan/baseline.ts';
import { type Choice, filesIn } from '../scan/files.ts';
import type { Found } from '../scan/found.ts';
import { formOf, readThrough } from '../scan/read-file.ts';
import { type Format, report, type Summary, wire } from '../scan/reports.ts';
import { innerName, open } from '../streams/open.ts';
import { Output } from '../streams/output.ts';
import { isText } from '../streams/text.ts';

export interface ScanOptions extends Choice {
  types?: string[];
  minConfidence?: number;
  locale?: string;
  failOn: Risk;
  format: Format;
  baseline?: string;
  updateBaseline: boolean;
  version: string;
}

const FOUND = 3;
const NOT_READ = 2;

/** Searches files and folders, without a server. Exit code 3 where something new is at least as risky as `failOn`. */
export class Scan {
  private readonly scanner: PiiScanner;
  private readonly found: Found[] = [];
  private readonly summary: Summary = { files: 0, bytes: 0, skipped: 0, findings: 0, known: 0 };
  private readonly out: Output;
  private worst = -1;
  private unreadable = 0;

  constructor(
    private readonly options: ScanOptions,
    private readonly streams: { output: Writable; errors: Writable & { isTTY?: boolean } },
  ) {
    this.scanner = new PiiScanner(options);
    this.out = new Output(streams.output);
  }

  async run(paths: readonly string[]): Promise<number> {
    const { baseline: file, updateBaseline, format, failOn, version } = this.options;
    const baseline = file === undefined ? Baseline.none() : await Baseline.read(file);
    for await (const path of filesIn(paths, this.options)) await this.file(path, baseline);
    if (format !== 'jsonl') await this.out.write(report(format, this.found, this.summary, version));
    await this.out.flush();
    this.progress('');
    if (file !== undefined && updateBaseline) {
      await baseline.write(file);
      return this.unreadable > 0 ? NOT_READ : 0;
    }
    if (this.worst >= RISKS.indexOf(failOn)) return FOUND;
    return this.unreadable > 0 ? NOT_READ : 0;
  }

  private async file(path: string, baseline: Baseline): Promise<void> {
    const lines: string[] = [];
    try {
      if (!(await isText(path))) {
        this.summary.skipped += 1;
        return;
      }
      this.summary.bytes += await readThrough(open(path), formOf(innerName(path)), this.scanner, (finding, place) => {
        const { type, risk, confidence } = finding;
        const fingerprint = fingerprintOf(path, type, place);
        const { line, column, path: pointer } = place;
        const known = baseline.knows(fingerprint);
        const each = { file: path, line, column, path: pointer, type, risk, confidence, fingerprint, known };
        this.count(each);
        if (this.options.format === 'jsonl') lines.push(`${JSON.stringify(wire(each))}\n`);
        else this.found.push(each);
      });
      this.summary.files += 1;
    } catch (error) {
      this.unreadable += 1;
      this.streams.errors.write(`${path}: ${codeOf(error)}\n`);
    }
    for (const line of lines) await this.out.write(line);
    const { files, bytes, findings } = this.summary;
    this.progress(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, ${findings} found`);
  }

  private count({ known, risk }: Found): void {
    this.summary.findings += 1;
    if (known) this.summary.known += 1;
    else this.worst = Math.max(this.worst, RISKS.indexOf(risk));
  }

  /** Where somebody is looking. */
  private progress(text: string): void {
    if (this.streams.errors.isTTY) this.streams.errors.write(`\r\x1b[2K${text}`);
  }
}

/** An error may hold a piece of what was read: only its code is said. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'cannot be read';
}
