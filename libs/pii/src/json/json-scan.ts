import type { Finding, JsonFinding } from '../finding.ts';
import { CodeUnits } from '../scan/code-units.ts';
import type { Engine, Part } from '../scan/engine.ts';
import { isValueLike, JsonPath } from './json-path.ts';
import { JsonTokens, type JsonVisitor } from './json-tokens.ts';
import { keyContexts, type KeyContexts, KeyWords } from './key-contexts.ts';

/** Called for each value in which something was found; places are those of the token in the source. */
export type Found = (findings: Finding[], value: string, token: JsonToken, path: JsonPath) => void;

export interface JsonToken {
  /** Strings without their quotes. */
  start: number;
  end: number;
  isString: boolean;
}

const NOTHING: readonly number[] = [];
const NO_KEY: KeyContexts = { all: NOTHING, own: NOTHING };
const MIN_NUMBER = 3;
/** `user`, `assistant`: what stands between the messages of a chat. */
const ROLE_LENGTH = 10;
const QUESTION_MARK = 63;
const COLON = 58;
/** Keys of this many levels are heard by a value: its own, and those of the objects around it. */
const MAX_HEARD = 3;

/** Scans the strings and numbers of JSON text where they stand; keys are context for their values. */
export class JsonScan implements JsonVisitor {
  readonly #engine: Engine;
  readonly #tokens = new JsonTokens();
  readonly #path = new JsonPath();
  readonly #words = new KeyWords();
  readonly #keys: KeyContexts[] = [];
  readonly #heard: number[] = [];
  readonly #units = new CodeUnits();
  /** Of the source, what is read at the moment. */
  readonly #part: Part = { text: '', codes: this.#units.of(''), from: 0, end: 0 };
  #source = '';
  #asked: readonly number[] = [];
  #found: Found | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  scan(source: string, found: Found): void {
    this.#source = this.#part.text = source;
    this.#part.codes = this.#units.of(source);
    this.#found = found;
    this.#path.begin();
    this.#asked = [];
    try {
      this.#tokens.walk(source, this.#part.codes, this);
    } finally {
      this.#source = this.#part.text = '';
      this.#found = null;
    }
  }

  open(isArray: boolean): void {
    this.#path.open(isArray);
    this.#keys[this.#path.depth - 1] = NO_KEY;
  }

  close(): void {
    this.#path.close();
  }

  comma(): void {
    this.#path.comma();
  }

  key(start: number, end: number, isEscaped: boolean): void {
    this.#path.key(start, end);
    const { codes } = this.#part;
    const isValue = isValueLike(codes, start, end);
    // A key that is a value itself is none that comes again, and nothing of it is to be kept.
    this.#keys[this.#path.depth - 1] = isValue
      ? keyContexts(this.#source, codes, start, end)
      : this.#words.of(this.#source, codes, start, end);
    if (isValue) this.#read(start, end, isEscaped, NOTHING);
  }

  string(start: number, end: number, isEscaped: boolean): void {
    if (end > start) this.#read(start, end, isEscaped, this.#hear());
  }

  number(start: number, end: number): void {
    if (end - start < MIN_NUMBER) return;
    const findings = this.#readPart(start, end, this.#hear(), this.#own());
    if (findings) this.#report(findings, this.#source.slice(start, end), { start, end, isString: false });
  }

  #read(start: number, end: number, isEscaped: boolean, heard: readonly number[]): void {
    const source = this.#source;
    const own = heard === NOTHING ? NOTHING : this.#own();
    const value = isEscaped ? (JSON.parse(source.slice(start - 1, end + 1)) as string) : null;
    const findings = value === null ? this.#readPart(start, end, heard, own) : this.#engine.read(value, heard, own);
    if (heard !== NOTHING) this.#ask(end - start);
    if (findings) this.#report(findings, value ?? source.slice(start, end), { start, end, isString: true });
  }

  #readPart(from: number, end: number, heard: readonly number[], own: readonly number[]): Finding[] | null {
    this.#part.from = from;
    this.#part.end = end;
    return this.#engine.readPart(this.#part, heard, own);
  }

  /** A message that ends in a question is context for the next one; the name of a role between them is not counted. */
  #ask(length: number): void {
    const { reading } = this.#engine;
    const last = reading.code(reading.end - 1);
    if (length > ROLE_LENGTH && (last === QUESTION_MARK || last === COLON)) this.#asked = reading.lastContexts();
    else if (length > ROLE_LENGTH) this.#asked = [];
  }

  #report(findings: Finding[], value: string, token: JsonToken): void {
    this.#found?.(findings, value, token, this.#path);
  }

  #own(): readonly number[] {
    return this.#keys[this.#path.depth - 1]?.own ?? NOTHING;
  }

  #hear(): readonly number[] {
    const heard = this.#heard;
    heard.length = 0;
    if (this.#asked.length > 0) heard.push(...this.#asked);
    const depth = this.#path.depth;
    for (let level = Math.max(0, depth - MAX_HEARD); level < depth; level += 1) {
      const keys = this.#keys[level];
      if (keys && keys.all.length > 0) heard.push(...keys.all);
    }
    return heard;
  }
}

export function withPath(finding: Finding, path: string): JsonFinding {
  return { ...finding, path };
}
