/** Hears the letters of a text, piece by piece, while it is read: for what is known by words alone. */
export interface WordListener {
  chunk(start: number, end: number): void;
}
