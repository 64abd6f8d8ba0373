import type { Finding } from './finding.ts';

export type OffsetUnit = 'codepoint' | 'utf16' | 'byte';

/** The same findings with offsets in another unit: UTF-16 units, code points, or bytes of UTF-8. */
export function toOffsets<F extends Finding>(text: string, findings: readonly F[], unit: OffsetUnit): F[] {
  if (unit === 'utf16') return [...findings];
  const wanted = new Set<number>();
  for (const { start, end } of findings) wanted.add(start).add(end);
  const places = placesOf(
    text,
    [...wanted].sort((a, b) => a - b),
    unit,
  );
  return findings.map((finding) => ({
    ...finding,
    start: places.get(finding.start) ?? finding.start,
    end: places.get(finding.end) ?? finding.end,
  }));
}

function placesOf(text: string, sorted: readonly number[], unit: 'codepoint' | 'byte'): Map<number, number> {
  const places = new Map<number, number>();
  let count = 0;
  let from = 0;
  for (const place of sorted) {
    const piece = text.slice(from, place);
    count += unit === 'byte' ? Buffer.byteLength(piece) : codePoints(piece);
    places.set(place, count);
    from = place;
  }
  return places;
}

function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at += 1) {
    const isHigh = (text.charCodeAt(at) & 0xfc00) === 0xd800;
    if (isHigh && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) count -= 1;
  }
  return count;
}
