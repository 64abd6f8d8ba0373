import { type Cipheriv, createCipheriv, createHmac } from 'node:crypto';
import { secretKey } from '#kernel';

const ZEROS = Buffer.alloc(256);
const NO_IV = Buffer.alloc(16);

/** Numbers that a key and a value settle: the same for the same, and nothing can be told from them without the key. */
export class Draw {
  readonly #stream: Cipheriv;
  #bytes = Buffer.alloc(0);
  #at = 0;

  constructor(key: Uint8Array, seed: string) {
    this.#stream = createCipheriv(
      'aes-256-ctr',
      secretKey(createHmac('sha256', secretKey(key)).update(seed).digest()),
      NO_IV,
    );
  }

  /** From 0 up to, not including, `count`, which is at most 2^24. */
  below(count: number): number {
    if (this.#at + 4 > this.#bytes.length) {
      this.#bytes = this.#stream.update(ZEROS) as Buffer<ArrayBuffer>;
      this.#at = 0;
    }
    const drawn = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return drawn % count;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  digits(count: number): string {
    let digits = '';
    for (let i = 0; i < count; i += 1) digits += this.below(10);
    return digits;
  }
}
