import type { VaultError } from '#kernel';
import { FileUnreadable } from '../dataset.errors.ts';
import { type LineSource, RowErrors } from './line.source.ts';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [ARRAY, ARRAY_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];
const [NEWLINE, SPACE, NO_CHARACTER] = [0x0a, 0x20, 0x01];
const MARK = [0xef, 0xbb, 0xbf];
/** Nobody nests deeper; whether brackets match is not looked at below. */
const DEEPEST = 1024;

/** An array of JSON values, one a line, without spaces: as it streams in, never more of it than a chunk. */
export function jsonArrayLines(source: AsyncIterable<Uint8Array>): LineSource {
  const errors = new RowErrors();
  const splitter = new ArraySplitter(errors);
  const lines = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) yield splitter.take(chunk);
    splitter.end();
  };
  return { report: { type: 'json', encoding: 'utf-8' }, lines: lines(), errors };
}

type Place = 'before' | 'expecting' | 'inside' | 'behind';

/** Whether a value is JSON is found out where lines are checked: here only where one ends. */
class ArraySplitter {
  readonly #errors: RowErrors;
  readonly #open = new Uint8Array(DEEPEST);
  #place: Place = 'before';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The last byte that was no space, and whether spaces followed it. */
  #last = 0;
  #spaced = false;
  #row = 1;
  #marks = 0;
  #out = Buffer.alloc(0);
  #used = 0;

  constructor(errors: RowErrors) {
    this.#errors = errors;
  }

  take(chunk: Uint8Array): Uint8Array {
    // A byte comes out as one, and at most once as a newline more; a space between two words is one that came in.
    this.#out = Buffer.allocUnsafe(chunk.length + 2);
    this.#used = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (this.#inString) this.#string(byte);
      else if (byte === SPACE || (byte >= 0x09 && byte <= 0x0d)) this.#spaced = true;
      else this.#outside(byte);
    }
    return this.#out.subarray(0, this.#used);
  }

  end(): void {
    if (this.#place !== 'behind') throw this.#broken('The array does not end');
  }

  #string(byte: number): void {
    // A line break would end the line; no control character may stand in a string, so this one is refused later too.
    this.#put(byte === NEWLINE ? NO_CHARACTER : byte);
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      this.#last = QUOTE;
    }
  }

  #outside(byte: number): void {
    if (this.#place === 'inside') this.#inside(byte);
    else if (this.#place === 'expecting') this.#begin(byte);
    else if (this.#place === 'behind') throw this.#broken('There is something behind the array');
    else if (byte === ARRAY) this.#place = 'expecting';
    else if (this.#marks < MARK.length && byte === MARK[this.#marks]) this.#marks += 1;
    else throw this.#broken('Expected an array of records');
  }

  #begin(byte: number): void {
    const isEmpty = byte === ARRAY_END && this.#row === 1;
    if (isEmpty) this.#place = 'behind';
    else if (byte === COMMA || byte === ARRAY_END)
      this.#errors.add({ line: this.#row, reason: 'nothing beside a comma' });
    if (byte === COMMA) this.#endRow();
    else if (byte === ARRAY_END) this.#place = 'behind';
    else {
      this.#place = 'inside';
      this.#last = COLON;
      this.#inside(byte);
    }
  }

  #inside(byte: number): void {
    if (this.#depth === 0 && (byte === COMMA || byte === ARRAY_END)) {
      this.#endRow();
      this.#place = byte === COMMA ? 'expecting' : 'behind';
      return;
    }
    // Between two words a space stays: without it they would be another one.
    if (this.#spaced && isWord(this.#last) && isWord(byte)) this.#put(SPACE);
    this.#spaced = false;
    this.#put(byte);
    this.#last = byte;
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OBJECT || byte === ARRAY) this.#deeper(byte);
    else if (byte === OBJECT_END || byte === ARRAY_END) this.#higher(byte);
  }

  #deeper(byte: number): void {
    if (this.#depth < DEEPEST) this.#open[this.#depth] = byte;
    this.#depth += 1;
  }

  #higher(byte: number): void {
    const opened = byte === OBJECT_END ? OBJECT : ARRAY;
    if (this.#depth === 0) throw this.#broken('Brackets do not match');
    this.#depth -= 1;
    if (this.#depth < DEEPEST && this.#open[this.#depth] !== opened) throw this.#broken('Brackets do not match');
  }

  #endRow(): void {
    this.#put(NEWLINE);
    this.#row += 1;
    this.#spaced = false;
  }

  #put(byte: number): void {
    this.#out[this.#used++] = byte;
  }

  #broken(detail: string): VaultError {
    return new FileUnreadable().with({ issues: [{ pointer: `row ${this.#row}`, detail }] });
  }
}

/** Part of a number, a word or a string, and no punctuation. */
function isWord(byte: number): boolean {
  return byte !== COMMA && byte !== COLON && (byte & 0xdf) !== ARRAY && (byte & 0xdf) !== ARRAY_END;
}
