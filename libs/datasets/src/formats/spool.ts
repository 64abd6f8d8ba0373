import { randomBytes } from 'node:crypto';
import { openBytes, sealBytes } from '#crypto';
import { newId } from '#kernel';
import type { BlobStore } from '#storage';

/** Objects of files that are being read; whoever finds an old one may take it away. */
export const SPOOL_PREFIX = 'spool.';
const PART = 4 * 1024 * 1024;

/**
 * A file put aside for as long as it is read, under a key that is only in memory: a part at a time in the object
 * storage, and not at all while it is no larger than one. What a process that ends leaves behind nobody can open.
 */
export class Spool {
  readonly #blobs: BlobStore;
  readonly #id = newId();
  readonly #key = randomBytes(32);
  #part = Buffer.alloc(PART);
  #used = 0;
  #stored = 0;
  #opened: { number: number; bytes: Uint8Array } | null = null;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  get size(): number {
    return this.#stored * PART + this.#used;
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.length;) {
      if (this.#used === PART) await this.#store();
      const piece = chunk.subarray(from, from + PART - this.#used);
      this.#part.set(piece, this.#used);
      this.#used += piece.length;
      from += piece.length;
    }
  }

  /** From `start` up to, not including, `end`: in memory of the caller's own. */
  async read(start: number, end: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(end - start);
    for (let at = start; at < end;) {
      const part = await this.#open(Math.floor(at / PART));
      const piece = part.subarray(at % PART, (at % PART) + end - at);
      bytes.set(piece, at - start);
      at += piece.length;
    }
    return bytes.buffer;
  }

  async remove(): Promise<void> {
    this.#key.fill(0);
    this.#part = Buffer.alloc(0);
    for (let number = 0; number < this.#stored; number += 1) await this.#blobs.delete(this.#nameOf(number));
  }

  async #store(): Promise<void> {
    const number = this.#stored;
    await this.#blobs.put(this.#nameOf(number), sealBytes(this.#key, this.#part, this.#contextOf(number)));
    this.#stored += 1;
    this.#used = 0;
  }

  async #open(number: number): Promise<Uint8Array> {
    if (number === this.#stored) return this.#part.subarray(0, this.#used);
    if (this.#opened?.number === number) return this.#opened.bytes;
    const bytes = openBytes(this.#key, await this.#blobs.get(this.#nameOf(number)), this.#contextOf(number));
    if (!bytes) throw new Error('a part of a file that was put aside does not open');
    this.#opened = { number, bytes };
    return bytes;
  }

  #nameOf(number: number): string {
    return `${SPOOL_PREFIX}${this.#id}.${number}`;
  }

  #contextOf(number: number): Record<string, string> {
    return { use: 'spool', spool: this.#id, part: String(number) };
  }
}
