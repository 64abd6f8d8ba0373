import { type Cipheriv, createCipheriv } from 'node:crypto';
import { secretKey } from '#kernel';

/** Below this many values a permutation of them can be tried through; NIST SP 800-38G rev. 1 asks for it. */
export const FEWEST = 1_000_000;
const ROUNDS = 10;
const BLOCK = 16;

/**
 * FF1 of NIST SP 800-38G rev. 1: numerals of a radix into as many others, by a permutation that the key and the tweak
 * choose.
 */
export class Ff1 {
  readonly #aes: Cipheriv;
  readonly #radix: number;

  /** A key of AES: 16, 24 or 32 bytes. */
  constructor(key: Uint8Array, radix: number) {
    this.#aes = createCipheriv(`aes-${key.length * 8}-ecb`, secretKey(key), null).setAutoPadding(false);
    this.#radix = radix;
  }

  /** Whether there are enough values of so many numerals. */
  static takes(radix: number, count: number): boolean {
    return count >= 2 && radix ** count >= FEWEST;
  }

  encrypt(numerals: readonly number[], tweak: Uint8Array): number[] {
    return this.#run(numerals, tweak, false);
  }

  decrypt(numerals: readonly number[], tweak: Uint8Array): number[] {
    return this.#run(numerals, tweak, true);
  }

  #run(numerals: readonly number[], tweak: Uint8Array, isBack: boolean): number[] {
    const count = numerals.length;
    if (!Ff1.takes(this.#radix, count)) throw new RangeError('too few numerals to permute');
    const u = count >> 1;
    const v = count - u;
    const width = Math.ceil(Math.ceil(v * Math.log2(this.#radix)) / 8);
    const first = this.#firstBlock(u, count, tweak.length);
    let a = this.#number(numerals.slice(0, u));
    let b = this.#number(numerals.slice(u));
    for (let step = 0; step < ROUNDS; step += 1) {
      const round = isBack ? ROUNDS - 1 - step : step;
      const size = BigInt(this.#radix) ** BigInt(round % 2 === 0 ? u : v);
      const y = this.#round(first, tweak, round, isBack ? a : b, width);
      if (isBack) [a, b] = [(((b - y) % size) + size) % size, a];
      else [a, b] = [b, (a + y) % size];
    }
    return [...this.#numerals(a, u), ...this.#numerals(b, v)];
  }

  #firstBlock(u: number, count: number, tweakLength: number): Buffer {
    const block = Buffer.alloc(BLOCK);
    block.set([1, 2, 1]);
    block.writeUIntBE(this.#radix, 3, 3);
    block.set([ROUNDS, u % 256], 6);
    block.writeUInt32BE(count, 8);
    block.writeUInt32BE(tweakLength, 12);
    return block;
  }

  #round(first: Buffer, tweak: Uint8Array, round: number, half: bigint, width: number): bigint {
    const padding = (((-tweak.length - width - 1) % BLOCK) + BLOCK) % BLOCK;
    const q = Buffer.alloc(tweak.length + padding + 1 + width);
    q.set(tweak);
    q[tweak.length + padding] = round;
    q.set(Buffer.from(half.toString(16).padStart(2 * width, '0'), 'hex'), q.length - width);
    const needed = 4 * Math.ceil(width / 4) + 4;
    const r = this.#chained(Buffer.concat([first, q]));
    const stream = [r];
    for (let j = 1; j * BLOCK < needed; j += 1) {
      const next = Buffer.from(r);
      next.writeUInt32BE((next.readUInt32BE(BLOCK - 4) ^ j) >>> 0, BLOCK - 4);
      stream.push(this.#chained(next));
    }
    return BigInt(`0x${Buffer.concat(stream).subarray(0, needed).toString('hex')}`);
  }

  /** PRF: the last block of CBC from a block of zeros. */
  #chained(blocks: Buffer): Buffer {
    let chained = Buffer.alloc(BLOCK);
    for (let at = 0; at < blocks.length; at += BLOCK) {
      for (let i = 0; i < BLOCK; i += 1) chained[i]! ^= blocks[at + i]!;
      chained = this.#aes.update(chained) as Buffer<ArrayBuffer>;
    }
    return chained;
  }

  #number(numerals: readonly number[]): bigint {
    const radix = BigInt(this.#radix);
    return numerals.reduce((sum, numeral) => sum * radix + BigInt(numeral), 0n);
  }

  #numerals(number: bigint, count: number): number[] {
    const written = number.toString(this.#radix).padStart(count, '0');
    return Array.from(written, (numeral) => parseInt(numeral, this.#radix));
  }
}
