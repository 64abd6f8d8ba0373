import { createWriteStream } from 'node:fs';
import { copyFile, open as openFile, readFile, rename, rm, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import type { Readable, Writable } from 'node:stream';
import { anonymizeJson, type AnonymizePlan, anonymizeText, isKeyed, PiiScanner } from '#pii';
import { formOf } from '../scan/read-file.ts';
import { linesOf, pagesOf } from '../streams/lines.ts';
import { innerName, open } from '../streams/open.ts';
import { Output } from '../streams/output.ts';
import { asObject, rowText, tableOf } from '../streams/table.ts';

export interface AnonymizeOptions {
  strategy: string;
  /** `TYPE=strategy`. */
  strategies: readonly string[];
  types?: string[];
  minConfidence?: number;
  locale?: string;
  output?: string;
  inPlace: boolean;
  backup: boolean;
  keyFile?: string;
}

const PAGE = 256 * 1024;
const KEY_BYTES = 16;

/** Takes personal data out of a file, a piece at a time. Gives how often, by type. @throws Error for what cannot be done */
export async function anonymizeFile(
  file: string,
  options: AnonymizeOptions,
  streams: { output: Writable },
): Promise<Map<string, number>> {
  const work = new Work(await planOf(options), new PiiScanner(options));
  if (!options.inPlace && options.output === undefined) {
    await work.file(file, streams.output);
    return work.counts;
  }
  const target = options.inPlace ? file : options.output!;
  const unfinished = `${target}.ldv-${process.pid}`;
  try {
    // Whoever could read the file can read the new one, and nobody else.
    const mode = options.inPlace ? (await stat(file)).mode & 0o777 : 0o600;
    const out = createWriteStream(unfinished, { flags: 'wx', mode });
    await work.file(file, out);
    out.end();
    await finished(out);
    await durable(unfinished);
    if (options.inPlace && options.backup) await copyFile(file, `${file}.bak`);
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { force: true });
  }
  return work.counts;
}

async function planOf({ strategy, strategies, keyFile }: AnonymizeOptions): Promise<AnonymizePlan> {
  const pairs = strategies.map((pair) => /^([^=]+)=(.+)$/.exec(pair)?.slice(1) as [string, string] | undefined);
  if (!pairs.every((pair) => pair !== undefined)) throw new Error('--strategies takes TYPE=strategy');
  const hashKey = keyFile === undefined ? null : await readFile(keyFile);
  const keyed = [strategy, ...pairs.map(([, name]) => name)].find(isKeyed);
  if (keyed !== undefined && !hashKey) {
    throw new Error(`the strategy ${keyed} needs --key-file or LDV_KEY_FILE: without a key anybody could try values`);
  }
  if (hashKey && hashKey.length < KEY_BYTES) throw new Error(`the key has fewer than ${KEY_BYTES} bytes`);
  return { strategy, strategies: Object.fromEntries(pairs), types: null, hashKey: hashKey ?? Buffer.alloc(0) };
}

class Work {
  readonly counts = new Map<string, number>();

  constructor(
    private readonly plan: AnonymizePlan,
    private readonly scanner: PiiScanner,
  ) {}

  async file(file: string, target: Writable): Promise<void> {
    const out = new Output(target);
    const source = open(file);
    const form = formOf(innerName(file));
    if (form === 'jsonl')
      for await (const line of linesOf(source)) await out.write(`${this.json(line.toString('utf8'))}\n`);
    else if (form === 'json') await out.write(this.json((await buffer(source)).toString('utf8')));
    else if (form === 'csv') await this.table(source, out);
    else await this.pages(source, out);
    await out.flush();
  }

  /** What is no JSON after all is text. */
  private json(written: string): string {
    try {
      JSON.parse(written);
    } catch {
      return this.text(written);
    }
    const { source, applied } = anonymizeJson(written, this.scanner, this.plan);
    this.count(applied);
    return source;
  }

  private async table(source: Readable, out: Output): Promise<void> {
    const { rows, delimiter } = await tableOf(source);
    let names: string[] | null = null;
    for await (const { cells } of rows) {
      await out.write(rowText(names ? this.row(names, cells) : cells, delimiter));
      names ??= cells;
    }
  }

  private row(names: readonly string[], cells: readonly string[]): string[] {
    const written = JSON.stringify(asObject(names, cells));
    return Object.values(JSON.parse(this.json(written)) as Record<string, unknown>).map(String);
  }

  /** A file of text is one document, told by how it begins. */
  private async pages(source: Readable, out: Output): Promise<void> {
    let document: string | undefined;
    for await (const page of pagesOf(source, PAGE)) {
      const written = page.toString('utf8');
      document ??= written;
      await out.write(this.text(written, document));
    }
  }

  private text(written: string, document = written): string {
    const { text, applied } = anonymizeText(written, this.scanner, { ...this.plan, document });
    this.count(applied);
    return text;
  }

  private count(applied: readonly { type: string; count: number }[]): void {
    for (const { type, count } of applied) this.counts.set(type, (this.counts.get(type) ?? 0) + count);
  }
}

async function durable(path: string): Promise<void> {
  const file = await openFile(path);
  await file.sync();
  await file.close();
}
