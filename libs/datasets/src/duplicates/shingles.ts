import { keysOf } from '#pii';
import { isObject, isRawJSON, type Value } from '../export/exact-json.ts';

const { imul } = Math;

export const SHINGLES = ['words', 'characters'] as const;
export type ShingleKind = (typeof SHINGLES)[number];

/** Words, or characters, that a shingle has. */
const LENGTH = 5;
const NO_WORD = /[^\p{L}\p{M}\p{N}]+/u;

/** What a JSON Pointer (RFC 6901) names in a value; undefined where there is nothing. */
export function valueAt(value: Value, pointer: string): Value | undefined {
  let at: Value | undefined = value;
  for (const name of keysOf(pointer)) {
    if (Array.isArray(at)) at = /^(0|[1-9]\d*)$/.test(name) ? at[Number(name)] : undefined;
    else if (at !== undefined && isObject(at) && Object.hasOwn(at, name)) at = at[name];
    else return undefined;
  }
  return at;
}

/** The same text for the same value, in whatever order its members are written. */
export function canonicalJson(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name]!)}`);
  return `{${members.join(',')}}`;
}

/** Every string inside a value, in its order; names of members are not text. */
export function textOf(value: Value): string {
  const texts: string[] = [];
  collect(value, texts);
  return texts.join('\n');
}

function collect(value: Value, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (Array.isArray(value)) for (const each of value) collect(each, texts);
  else if (isObject(value) && !isRawJSON(value)) for (const each of Object.values(value)) collect(each, texts);
}

/** NFKC, in lower case, with single spaces: what differs only in that does not differ. */
export function normalized(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}

/**
 * The set of 32-bit hashes of a text's shingles, in ascending order: of every five words in a row, or characters. A
 * shorter text is one shingle, one without words none.
 */
export function shinglesOf(text: string, kind: ShingleKind): Uint32Array {
  const plain = normalized(text);
  const units = kind === 'words' ? wordsOf(plain) : unitsOf(plain);
  if (units.length === 0) return new Uint32Array(0);
  const hashes = new Uint32Array(Math.max(1, units.length - LENGTH + 1));
  const length = Math.min(LENGTH, units.length);
  for (let i = 0; i < hashes.length; i += 1) {
    let hash = 0x811c9dc5;
    for (let k = 0; k < length; k += 1) hash = mixed(imul(hash, 31) ^ units[i + k]!);
    hashes[i] = hash;
  }
  return unique(hashes.sort());
}

/** How much of what either has both have: 0 to 1 (Jaccard). */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let [both, i, j] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [left, right] = [a[i]!, b[j]!];
    if (left === right) both += 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  const either = a.length + b.length - both;
  return either === 0 ? 0 : both / either;
}

/** MurmurHash3's last step: every bit of the input moves every bit of the output. */
export function mixed(value: number): number {
  let hash = value;
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function wordsOf(text: string): Uint32Array {
  const words = text.split(NO_WORD).filter((word) => word !== '');
  return Uint32Array.from(words, (word) => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < word.length; i += 1) hash = imul(hash ^ word.charCodeAt(i), 0x01000193);
    return mixed(hash);
  });
}

function unitsOf(text: string): Uint32Array {
  const units = new Uint32Array(text.length);
  for (let i = 0; i < text.length; i += 1) units[i] = text.charCodeAt(i);
  return units;
}

function unique(sorted: Uint32Array): Uint32Array {
  let kept = 0;
  for (const hash of sorted) if (kept === 0 || sorted[kept - 1] !== hash) sorted[kept++] = hash;
  return sorted.slice(0, kept);
}
