import { hash } from 'node:crypto';
import { HASH_BYTES } from './commitment.ts';

/**
 * The Merkle tree hash of RFC 6962 section 2.1, built leaf by leaf. It keeps one hash for each 1 bit of its size, so a
 * commit of a billion records needs about a kilobyte. Leaves are hashes already (`leafOf`).
 */
export class MerkleTree {
  /** Roots of full subtrees, the largest first; their sizes are the 1 bits of `#size`. */
  readonly #subtrees: Uint8Array[] = [];
  readonly #node = Uint8Array.of(1, ...new Uint8Array(2 * HASH_BYTES));
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds one 32-byte leaf hash. */
  append(leaf: Uint8Array): void {
    if (leaf.length !== HASH_BYTES) throw new RangeError('a leaf is 32 bytes');
    let subtree: Uint8Array = leaf.slice();
    // As in counting: each 1 bit that carries is a full subtree that the new one completes to twice its size.
    // Division, because bit operators would wrap at 2^31 leaves.
    for (let bits = this.#size; bits % 2 === 1; bits = (bits - 1) / 2) {
      const left = this.#subtrees.pop();
      if (left) subtree = this.#parent(left, subtree);
    }
    this.#subtrees.push(subtree);
    this.#size += 1;
  }

  /** Adds leaf hashes laid end to end, as `packSegment` gives them. */
  appendMany(leaves: Uint8Array): void {
    if (leaves.length % HASH_BYTES !== 0) throw new RangeError('leaves are 32 bytes each');
    for (let at = 0; at < leaves.length; at += HASH_BYTES) this.append(leaves.subarray(at, at + HASH_BYTES));
  }

  /** 32 bytes. An empty tree has the hash of nothing. More leaves may follow. */
  root(): Uint8Array {
    const [smallest, ...larger] = this.#subtrees.toReversed();
    if (!smallest) return hash('sha256', new Uint8Array(0), 'buffer');
    return larger.reduce((right, left) => this.#parent(left, right), smallest).slice();
  }

  #parent(left: Uint8Array, right: Uint8Array): Uint8Array {
    this.#node.set(left, 1);
    this.#node.set(right, 1 + HASH_BYTES);
    return hash('sha256', this.#node, 'buffer');
  }
}
