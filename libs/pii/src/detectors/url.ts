import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';

const REST = /:\/\/[^\s"'<>\\^`{|}]{3,2000}/y;
const SCHEME = /(?<![A-Za-z0-9])https?$/i;

/** A web address, without the marks that end a sentence. */
function lookAtColon(reading: Reading, at: number): number {
  const last = reading.candidates.at(-1);
  // One inside another is part of it.
  if (last?.type === 'URL' && at < last.end) return at;
  const scheme = SCHEME.exec(reading.text.slice(Math.max(reading.from, at - 6), at))?.[0];
  REST.lastIndex = at;
  const rest = scheme === undefined ? undefined : REST.exec(reading.text)?.[0].replace(/[.,;:!?)\]]+$/, '');
  if (scheme === undefined || rest === undefined) return at;
  const end = Math.min(reading.end, at + rest.length);
  const start = at - scheme.length;
  reading.add({ type: 'URL', start, end, confidence: 0.9, proof: 1, detector: 'url', why: 'a web address' });
  return at;
}

export const url: Detector = { name: 'url', types: ['URL'], looks: { ':': lookAtColon } };
