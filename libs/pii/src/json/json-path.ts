import { pointerToken } from '#kernel';

const MAX_TRACKED = 256;

/** Where a walk over JSON stands: the keys and indexes from the root. Nothing is made of them until a path is asked for. */
export class JsonPath {
  depth = 0;
  readonly #isArray: boolean[] = [];
  readonly #index: number[] = [];
  readonly #keyStart: number[] = [];
  readonly #keyEnd: number[] = [];

  begin(): void {
    this.depth = 0;
  }

  open(isArray: boolean): void {
    const depth = Math.min(this.depth, MAX_TRACKED);
    this.#isArray[depth] = isArray;
    this.#index[depth] = 0;
    this.#keyStart[depth] = this.#keyEnd[depth] = 0;
    this.depth += 1;
  }

  close(): void {
    this.depth -= 1;
  }

  comma(): void {
    const depth = this.depth - 1;
    if (depth >= 0 && depth <= MAX_TRACKED) this.#index[depth] = (this.#index[depth] ?? 0) + 1;
  }

  key(start: number, end: number): void {
    const depth = Math.min(this.depth - 1, MAX_TRACKED);
    this.#keyStart[depth] = start;
    this.#keyEnd[depth] = end;
  }

  /** RFC 6901. Keys that may be personal data are shown as `*`. */
  pointer(source: string): string {
    let pointer = '';
    const depth = Math.min(this.depth, MAX_TRACKED + 1);
    for (let level = 0; level < depth; level += 1) {
      const part = this.#isArray[level]
        ? String(this.#index[level])
        : shownKey(source.slice(this.#keyStart[level], this.#keyEnd[level]));
      pointer += `/${part}`;
    }
    return pointer;
  }
}

const PLAIN_KEY = /^(?:[\p{L}_$@.:~/-][\p{L}\d_$.: ~/-]{0,63})?$/u;

/** RFC 6901 for keys from elsewhere than a text, with the same care. */
export function pathOf(keys: readonly string[]): string {
  return keys.map((key) => `/${shownKey(JSON.stringify(key).slice(1, -1))}`).join('');
}

/** The keys of an RFC 6901 pointer, each as it stands in the document. */
export function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A key of the schema, or `*` where the key itself is a value: an address, a number, a name of several words. */
function shownKey(raw: string): string {
  const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
  const isValue = !PLAIN_KEY.test(key) || /@.+\.|\d{5}|\p{Lu}\p{Ll}+ \p{Lu}/u.test(key);
  return isValue && !/^\d{1,4}$/.test(key) ? '*' : pointerToken(key);
}

/** Whether a key looks enough like a value to be scanned as one. */
export function isValueLike(codes: Uint16Array, start: number, end: number): boolean {
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 64) return true;
    if (code >= 48 && code <= 57) digits += 1;
  }
  return digits > 6;
}
