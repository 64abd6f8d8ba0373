/** A text in the characters that detectors know, and where each of them stood. */
export interface Normalized {
  text: string;
  /** The place in the original of each character, and of the end; null when all stand where they stood. */
  places: Int32Array | null;
}

const ZERO_WIDTH = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/;
const ZERO_WIDTH_ALL = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;
const ODD = /[\u00a0\u2007\u2009\u202f\u2010-\u2015\u2212\ufe63\uff01-\uff5e]/g;

/** Plain hyphens, spaces, digits and letters for their look-alikes; marks without width are left out. */
export function normalize(text: string): Normalized {
  const plain = text.replaceAll(ODD, plainOf);
  if (!ZERO_WIDTH.test(plain)) return { text: plain, places: null };
  const kept = plain.replaceAll(ZERO_WIDTH_ALL, '');
  const places = new Int32Array(kept.length + 1);
  let count = 0;
  for (let at = 0; at < plain.length; at += 1) {
    if (!ZERO_WIDTH.test(plain[at] ?? '')) places[count++] = at;
  }
  places[count] = text.length;
  return { text: kept, places };
}

function plainOf(odd: string): string {
  const code = odd.charCodeAt(0);
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  return code === 0xa0 || code === 0x2007 || code === 0x2009 || code === 0x202f ? ' ' : '-';
}
