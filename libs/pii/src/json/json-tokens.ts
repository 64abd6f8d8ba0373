const QUOTE = 34;
const BACKSLASH = 92;

/** What a walk over JSON text hands over, in order. Places are in the source; strings without their quotes. */
export interface JsonVisitor {
  key(start: number, end: number, isEscaped: boolean): void;
  string(start: number, end: number, isEscaped: boolean): void;
  number(start: number, end: number): void;
  open(isArray: boolean): void;
  close(): void;
  /** Between two members or items. */
  comma(): void;
}

/** Walks JSON text that `JSON.parse` has accepted, without making its values. */
export class JsonTokens {
  #source = '';
  #codes: Uint16Array = new Uint16Array(1);
  #nextBackslash = -1;

  /** `codes` are the source's code units, with a 0 behind them. */
  walk(source: string, codes: Uint16Array, visitor: JsonVisitor): void {
    this.#source = source;
    this.#codes = codes;
    this.#nextBackslash = -2;
    const length = source.length;
    let at = 0;
    while (at < length) {
      const code = codes[at] ?? 0;
      if (code === QUOTE) at = this.#string(at + 1, visitor);
      else if (code === 45 || (code >= 48 && code <= 57)) at = number(codes, at, visitor);
      else {
        punctuate(code, visitor);
        at += 1;
      }
    }
  }

  #string(start: number, visitor: JsonVisitor): number {
    const source = this.#source;
    let end = source.indexOf('"', start);
    if (this.#nextBackslash !== -1 && this.#nextBackslash < start) {
      this.#nextBackslash = source.indexOf('\\', start);
    }
    const isEscaped = this.#nextBackslash !== -1 && this.#nextBackslash < end;
    if (isEscaped) end = closing(source, this.#codes, end);
    if (end < 0) return source.length;
    const after = colonAfter(this.#codes, end + 1);
    if (after > 0) visitor.key(start, end, isEscaped);
    else visitor.string(start, end, isEscaped);
    return after > 0 ? after : end + 1;
  }
}

/** The first quote from the one at `quote` on that no backslash takes its meaning from. */
function closing(source: string, codes: Uint16Array, quote: number): number {
  let end = quote;
  while (end >= 0) {
    let first = end;
    while (codes[first - 1] === BACKSLASH) first -= 1;
    if ((end - first) % 2 === 0) return end;
    end = source.indexOf('"', end + 1);
  }
  return -1;
}

/** Where the value of a member begins, when the string that ended before `at` was its key; else 0. */
function colonAfter(codes: Uint16Array, at: number): number {
  let next = at;
  while (isSpace(codes[next] ?? 0)) next += 1;
  return codes[next] === 58 ? next + 1 : 0;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function number(codes: Uint16Array, start: number, visitor: JsonVisitor): number {
  let end = start + 1;
  for (;;) {
    const code = codes[end] ?? 0;
    const isPart =
      (code >= 48 && code <= 57) || code === 46 || code === 101 || code === 69 || code === 43 || code === 45;
    if (!isPart) break;
    end += 1;
  }
  visitor.number(start, end);
  return end;
}

function punctuate(code: number, visitor: JsonVisitor): void {
  if (code === 44) visitor.comma();
  else if (code === 123) visitor.open(false);
  else if (code === 91) visitor.open(true);
  else if (code === 125 || code === 93) visitor.close();
}
