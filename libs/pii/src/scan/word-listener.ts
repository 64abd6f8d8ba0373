/** Hears the letters of a text, piece by piece, while it is read: for what is known by words alone. */
export interface WordListener {
  /** Whether it wants to hear pieces that begin with a small letter, too. */
  readonly hearsSmall: boolean;
  /**
   * `words`: how many there are in it, as a capital behind a small letter begins another. `hash`: of the last of them in
   * small letters.
   */
  chunk(start: number, end: number, words: number, hash: number): void;
}
