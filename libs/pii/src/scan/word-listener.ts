/** Hears every word of a text while it is read, for what is known by words alone: names and places. */
export interface WordListener {
  /** `isKeyword`: a word of some context. */
  word(hash: number, start: number, end: number, isKeyword: boolean): void;
  number(start: number): void;
}
