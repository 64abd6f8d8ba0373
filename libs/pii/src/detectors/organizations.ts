import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';
import { isCapitalCode, wordStart } from '../scan/word-start.ts';

const WORD = "[\\p{Lu}\\d][\\p{L}\\p{M}\\d'’&.-]{0,30}";
const LINK = '(?:,? (?:(?:and|&|et|und|y|e|of|de|du|des|di|der|für|for) )?|-)';
/** Capital words up to the one that says what they are. */
const BEFORE = new RegExp(`(?<![\\p{L}\\d])(?:${WORD}${LINK}){1,5}$`, 'u');
const PLAIN = "\\p{Lu}[\\p{L}\\p{M}'’-]{0,30}";
const BEHIND = new RegExp(
  ` (?:of|de|di|du|des|der|für|for)(?: the| la)? ${PLAIN}(?: (?:and |of )?${PLAIN}){0,3}`,
  'uy',
);
const BACK = 90;
const ARTICLES =
  /^(?:The|A|An|Our|Your|His|Her|Their|My|This|That|At|In|From|With|And|For|By|Der|Die|Das|Le|La|El|Il)[ ,]+/u;
const MORE = /^(?:\.|, (?:Inc|LLC|Ltd|L\.P)\.?)/;

/** `Acme Holdings Ltd`, `Harbour Street Clinic`. */
function lookAtEnd(reading: Reading, end: number): void {
  const first = wordStart(reading, end);
  if (!isCapitalCode(reading.code(first))) return;
  const before = BEFORE.exec(reading.text.slice(Math.max(reading.from, first - BACK), first));
  if (!before) return;
  const article = ARTICLES.exec(before[0])?.[0].length ?? 0;
  if (article === before[0].length) return;
  const isShort = /^(?:Inc|Ltd|Corp|Co)$/.test(reading.text.slice(first, end)) && reading.code(end) === 46;
  add(reading, first - before[0].length + article, isShort ? end + 1 : end, 0.8);
}

/** `University of Lund`, `Bank of Ireland`. */
function lookAtBegin(reading: Reading, end: number): void {
  const first = wordStart(reading, end);
  if (!isCapitalCode(reading.code(first))) return;
  BEHIND.lastIndex = end;
  const behind = BEHIND.exec(reading.text)?.[0];
  if (behind === undefined) return;
  add(reading, first, Math.min(reading.end, end + behind.length), 0.75);
}

function add(reading: Reading, start: number, end: number, confidence: number): void {
  const more = MORE.exec(reading.text.slice(end, end + 7))?.[0] ?? '';
  const to = more.length > 1 ? Math.min(reading.end, end + more.length) : end;
  const why = 'words that organizations are named with';
  reading.add({ type: 'ORGANIZATION', start, end: to, confidence, proof: 1, detector: 'organization', why });
}

export const organizations: Detector = {
  name: 'organizations',
  types: ['ORGANIZATION'],
  words: { orgend: lookAtEnd, orgbegin: lookAtBegin },
};
