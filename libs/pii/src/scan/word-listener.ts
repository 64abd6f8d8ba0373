/** Hears the letters of a text, piece by piece, while it is read: for what is known by words alone. */
export interface WordListener {
  /** `words`: how many there are in it, as a capital behind a small letter begins another. */
  chunk(start: number, end: number, words: number): void;
}
