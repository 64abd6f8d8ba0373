// How good the engine is on labelled text: precision, recall and F1 by type, and how often findings are right by how sure they are.
import type { PiiScanner } from '#pii';
import type { Labelled } from './generate.ts';

export interface Figures {
  there: number;
  found: number;
  precision: number;
  recall: number;
  f1: number;
}

export interface Quality {
  types: Record<string, Figures>;
  /** Of findings as sure as this or surer, in tenths: how many there were, and the part that was right. */
  calibration: { from: number; found: number; right: number }[];
  /** Findings of any type in a megabyte of text where there is nothing to be found. */
  falseInMegabyte: number;
}

class Count {
  there = 0;
  hit = 0;
  found = 0;
  right = 0;
}

type Span = Labelled['spans'][number];

/** Half of the one and half of the other, as labels and findings differ about commas and brackets. */
function isSame(one: Span, other: Span): boolean {
  const common = Math.min(one.end, other.end) - Math.max(one.start, other.start);
  return one.type === other.type && common * 2 >= Math.min(one.end - one.start, other.end - other.start) && common > 0;
}

const TENTHS = [0.5, 0.6, 0.7, 0.8, 0.9];

/** Types that the texts do not label are not counted. */
export function measure(scanner: PiiScanner, texts: readonly Labelled[]): Quality {
  const counts = new Map<string, Count>();
  const labelled = new Set(texts.flatMap(({ spans }) => spans.map(({ type }) => type)));
  const sure = TENTHS.map((from) => ({ from, found: 0, right: 0 }));
  let clean = 0;
  let wrong = 0;
  for (const { text, spans } of texts) {
    const found = scanner.scanText(text).filter(({ type }) => labelled.has(type));
    for (const span of spans) {
      const count = countOf(counts, span.type);
      count.there += 1;
      if (found.some((finding) => isSame(span, finding))) count.hit += 1;
    }
    for (const finding of found) {
      const isRight = spans.some((span) => isSame(span, finding));
      const count = countOf(counts, finding.type);
      count.found += 1;
      if (isRight) count.right += 1;
      const bin = sure.findLast(({ from }) => finding.confidence >= from);
      if (bin) bin.found += 1;
      if (bin && isRight) bin.right += 1;
    }
    if (spans.length > 0) continue;
    clean += Buffer.byteLength(text);
    wrong += found.length;
  }
  return {
    types: Object.fromEntries(
      [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([type, count]) => [type, figuresOf(count)]),
    ),
    calibration: sure.map(({ from, found, right }) => ({
      from,
      found,
      right: rounded(found === 0 ? 1 : right / found),
    })),
    falseInMegabyte: Math.round((wrong / Math.max(clean, 1)) * 1e6),
  };
}

function countOf(counts: Map<string, Count>, type: string): Count {
  const count = counts.get(type) ?? new Count();
  counts.set(type, count);
  return count;
}

function figuresOf({ there, hit, found, right }: Count): Figures {
  const precision = found === 0 ? 1 : right / found;
  const recall = there === 0 ? 1 : hit / there;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { there, found, precision: rounded(precision), recall: rounded(recall), f1: rounded(f1) };
}

function rounded(part: number): number {
  return Math.round(part * 1000) / 1000;
}
