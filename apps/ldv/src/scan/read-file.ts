import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import type { Finding, PiiScanner } from '#pii';
import { linesOf, pagesOf } from '../streams/lines.ts';
import { asObject, tableOf } from '../streams/table.ts';
import type { Tell } from './found.ts';

export type Form = 'jsonl' | 'json' | 'csv' | 'text';

const PAGE = 256 * 1024;
const MOST_JSON = 256 * 1024 * 1024;

/** By its name; text where that says nothing. */
export function formOf(name: string): Form {
  if (/\.(jsonl|ndjson)$/.test(name)) return 'jsonl';
  if (/\.(json|ipynb|geojson)$/.test(name)) return 'json';
  return /\.(csv|tsv)$/.test(name) ? 'csv' : 'text';
}

/** Searches a file from beginning to end, a piece at a time, and gives how many bytes it was. */
export async function readThrough(source: Readable, form: Form, scanner: PiiScanner, tell: Tell): Promise<number> {
  let bytes = 0;
  const counted = source.map((chunk: Buffer) => {
    bytes += chunk.length;
    return chunk;
  });
  if (form === 'jsonl') await jsonLines(counted, scanner, tell);
  else if (form === 'json') await json(counted, scanner, tell);
  else if (form === 'csv') await table(counted, scanner, tell);
  else await text(counted, scanner, tell);
  return bytes;
}

async function jsonLines(source: Readable, scanner: PiiScanner, tell: Tell): Promise<void> {
  let line = 0;
  for await (const bytes of linesOf(source)) {
    line += 1;
    const written = bytes.toString('utf8');
    if (isJson(written)) inJson(written, scanner, tell, () => line);
    else inText(written, line, scanner, tell);
  }
}

async function json(source: Readable, scanner: PiiScanner, tell: Tell): Promise<void> {
  const bytes = await buffer(source);
  const written = bytes.toString('utf8');
  if (bytes.length > MOST_JSON || !isJson(written)) return inText(written, 1, scanner, tell);
  let [line, seen] = [1, 0];
  inJson(written, scanner, tell, (at) => {
    for (; seen < at; seen += 1) if (written.charCodeAt(seen) === 10) line += 1;
    return line;
  });
}

function inJson(written: string, scanner: PiiScanner, tell: Tell, lineAt: (offset: number) => number): void {
  scanner.scanJsonTokens(written, (findings, _value, token, path) => {
    const pointer = path.pointer(written);
    const line = lineAt(token.start);
    // Which of many equal things it is does not matter: the numbers in the way there are left out.
    const around = pointer.replaceAll(/\/\d+/g, '/#');
    for (const finding of findings) tell(finding, { line, column: null, path: pointer, around });
  });
}

async function table(source: Readable, scanner: PiiScanner, tell: Tell): Promise<void> {
  const { rows } = await tableOf(source);
  let names: string[] | null = null;
  for await (const { cells, line } of rows) {
    if (!names) {
      names = cells;
      continue;
    }
    const row = JSON.stringify(asObject(names, cells));
    const byName: Tell = (finding, place) => tell(finding, { ...place, path: place.path?.slice(1) ?? null });
    inJson(row, scanner, byName, () => line);
  }
}

async function text(source: Readable, scanner: PiiScanner, tell: Tell): Promise<void> {
  let line = 1;
  for await (const page of pagesOf(source, PAGE)) {
    const written = page.toString('utf8');
    inText(written, line, scanner, tell);
    line += written.split('\n').length - 1;
  }
}

function inText(written: string, firstLine: number, scanner: PiiScanner, tell: Tell): void {
  const findings = scanner.scanText(written);
  let [line, lineStart, seen] = [firstLine, 0, 0];
  for (const [at, finding] of findings.entries()) {
    for (; seen < finding.start; seen += 1) {
      if (written.charCodeAt(seen) !== 10) continue;
      line += 1;
      lineStart = seen + 1;
    }
    const around = masked(written, lineStart, findings, at);
    tell(finding, { line, column: finding.start - lineStart + 1, path: null, around });
  }
}

/** The line a finding is in, with the types in place of everything that was found in it. */
function masked(written: string, lineStart: number, findings: readonly Finding[], at: number): string {
  const newline = written.indexOf('\n', findings[at]!.end);
  const lineEnd = newline === -1 ? written.length : newline;
  let first = at;
  while (first > 0 && findings[first - 1]!.end > lineStart) first -= 1;
  let [out, from] = ['', lineStart];
  for (let next = first; next < findings.length && findings[next]!.start < lineEnd; next += 1) {
    const { start, end, type } = findings[next]!;
    out += `${written.slice(from, Math.max(from, start))}[${type}]`;
    from = end;
  }
  return out + written.slice(from, Math.max(from, lineEnd));
}

function isJson(written: string): boolean {
  try {
    JSON.parse(written);
    return true;
  } catch {
    return false;
  }
}
