import { isValueLike, JsonPath } from '../json/json-path.ts';
import type { JsonToken } from '../json/json-scan.ts';
import { CodeUnits } from '../scan/code-units.ts';
import { JsonTokens, type JsonVisitor } from '../json/json-tokens.ts';

export interface JsonValue {
  value: string;
  /** The nearest key around it, as it is written; empty where there is none. */
  key: string;
  token: JsonToken;
  path: JsonPath;
}

/** Gives every string and number of JSON text as it reads, with its key; keys too where they look like values. */
export class JsonValues implements JsonVisitor {
  readonly #path = new JsonPath();
  readonly #keys: string[] = [];
  #source = '';
  #codes: Uint16Array = new Uint16Array(1);
  #each: (value: JsonValue) => void = () => undefined;

  walk(source: string, each: (value: JsonValue) => void): void {
    this.#source = source;
    this.#each = each;
    this.#keys.length = 0;
    this.#path.begin();
    this.#codes = new CodeUnits().of(source);
    new JsonTokens().walk(source, this.#codes, this);
  }

  open(isArray: boolean): void {
    // The values of a list are about what the list is called.
    this.#keys.push(isArray ? (this.#keys.at(-1) ?? '') : '');
    this.#path.open(isArray);
  }

  close(): void {
    this.#keys.pop();
    this.#path.close();
  }

  comma(): void {
    this.#path.comma();
  }

  key(start: number, end: number, isEscaped: boolean): void {
    this.#path.key(start, end);
    if (isValueLike(this.#codes, start, end)) this.#tell(start, end, isEscaped, '');
    this.#keys[this.#keys.length - 1] = this.#source.slice(start, end);
  }

  string(start: number, end: number, isEscaped: boolean): void {
    if (end > start) this.#tell(start, end, isEscaped, this.#keys.at(-1) ?? '');
  }

  number(start: number, end: number): void {
    const value = this.#source.slice(start, end);
    const token = { start, end, isString: false };
    this.#each({ value, key: this.#keys.at(-1) ?? '', token, path: this.#path });
  }

  #tell(start: number, end: number, isEscaped: boolean, key: string): void {
    const raw = this.#source.slice(start, end);
    const value = isEscaped ? (JSON.parse(`"${raw}"`) as string) : raw;
    this.#each({ value, key, token: { start, end, isString: true }, path: this.#path });
  }
}
