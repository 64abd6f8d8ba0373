import { text as whole } from 'node:stream/consumers';
import type { Readable, Writable } from 'node:stream';
import { commonLabel, type Finding, type OffsetUnit, PiiScanner, piiTypes, type ScannerOptions, toOffsets } from '#pii';
import { linesOf } from '../streams/lines.ts';
import { Output } from '../streams/output.ts';

export interface DetectOptions extends Pick<ScannerOptions, 'types' | 'minConfidence' | 'locale' | 'explain'> {
  /** Lines of `{id, text}` in, lines of `{id, spans}` out, in order; otherwise all of the input is one text. */
  jsonl: boolean;
  offsets: OffsetUnit;
  /** `common` names are those that corpora and other tools share; what is more exact is then the `subtype`. */
  labels: (typeof LABELS)[number];
}

export const LABELS = ['common', 'exact'] as const;
const everything = piiTypes.map(({ type }) => type);

const NOT_READ = 2;

/** Searches what comes in and says what is where, never what it is. Gives the exit code. */
export async function detectPii(
  options: DetectOptions,
  { input, output, errors }: { input: Readable; output: Writable; errors: Writable },
): Promise<number> {
  const scanner = new PiiScanner({ ...options, types: options.types ?? everything });
  const spansOf = (text: string): object[] =>
    toOffsets(text, scanner.scanText(text), options.offsets).map((finding) => span(finding, options.labels));
  const out = new Output(output);
  if (!options.jsonl) {
    await out.write(`${JSON.stringify({ spans: spansOf(await whole(input)) })}\n`);
    await out.flush();
    return 0;
  }
  let number = 0;
  let bad = 0;
  for await (const line of linesOf(input)) {
    number += 1;
    if (line.length === 0) continue;
    const asked = parse(line);
    if (asked) {
      await out.write(`${JSON.stringify({ id: asked.id, spans: spansOf(asked.text) })}\n`);
      continue;
    }
    bad += 1;
    errors.write(`line ${number}: expected an object with a text\n`);
  }
  await out.flush();
  return bad > 0 ? NOT_READ : 0;
}

function parse(line: Buffer): { id: unknown; text: string } | null {
  try {
    const { id = null, text } = JSON.parse(line.toString('utf8')) as { id?: unknown; text?: unknown };
    return typeof text === 'string' ? { id, text } : null;
  } catch {
    return null;
  }
}

function span({ type, start, end, confidence, explanation }: Finding, labels: DetectOptions['labels']): object {
  const label = labels === 'common' ? commonLabel(type) : type;
  const score = Math.round(confidence * 1e4) / 1e4;
  return {
    type: label,
    start,
    end,
    score,
    ...(label !== type && { subtype: type }),
    ...(explanation && { explanation }),
  };
}
