/** A seeded source of chance (the sfc32 generator of PractRand): the same seed gives the same data on every machine. */
export class Random {
  private a: number;
  private b: number;
  private c = 0x9e3779b9 | 0;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 0x1_0000_0000) | 0;
    // The first numbers of neighbouring seeds are alike.
    for (let round = 0; round < 15; round += 1) this.next();
  }

  /** An integer from 0 up to 2^32. */
  private next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** An integer from 0 up to and without `end`. */
  below(end: number): number {
    return Math.floor((this.next() * end) / 0x1_0000_0000);
  }

  /** An integer, both ends included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** `length` characters of an alphabet. */
  text(alphabet: string, length: number): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += alphabet[this.below(alphabet.length)];
    return text;
  }
}
