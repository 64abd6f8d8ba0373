// How good the engine is on labelled text: precision, recall and F1 by type, and how often findings are right by how sure they are.
import type { PiiScanner } from '#pii';
import type { Chat } from './chat.ts';
import type { Labelled } from './generate.ts';
import type { Slice } from './slices.ts';

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

/** All types of a slice together, then each; the places are looked for too. */
export interface SliceQuality {
  all: Figures;
  types: Record<string, Figures>;
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

/** Each slice alone. */
export function measureSlices(scanner: PiiScanner, slices: readonly Slice[]): Record<string, SliceQuality> {
  return Object.fromEntries(
    slices.map(({ name, texts }) => {
      const { types } = measure(scanner, texts);
      return [name, { all: together(Object.values(types)), types }];
    }),
  );
}

/** Found is what has the type and the value of a label; any other finding of a labelled type is wrong. */
export function measureChats(scanner: PiiScanner, chats: readonly Chat[]): SliceQuality {
  const counts = new Map<string, Count>();
  const labelled = new Set(chats.flatMap(({ labels }) => labels.map(({ type }) => type)));
  for (const { source, labels } of chats) {
    const found: Chat['labels'] = [];
    scanner.scanJson(source, ({ type }, value) => found.push({ type, value }));
    const has = (all: Chat['labels'], one: Chat['labels'][number]): boolean =>
      all.some(({ type, value }) => type === one.type && value === one.value);
    for (const label of labels) {
      const count = countOf(counts, label.type);
      count.there += 1;
      if (has(found, label)) count.hit += 1;
    }
    for (const finding of found.filter(({ type }) => labelled.has(type))) {
      const count = countOf(counts, finding.type);
      count.found += 1;
      if (has(labels, finding)) count.right += 1;
    }
  }
  const types = Object.fromEntries([...counts].map(([type, count]) => [type, figuresOf(count)]));
  return { all: together(Object.values(types)), types };
}

function together(figures: readonly Figures[]): Figures {
  const all = new Count();
  for (const { there, found, precision, recall } of figures) {
    all.there += there;
    all.found += found;
    all.hit += there * recall;
    all.right += found * precision;
  }
  return figuresOf(all);
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
