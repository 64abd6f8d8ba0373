import { hash } from 'node:crypto';
import { HASH_BYTES, hashInto } from './commitment.ts';

/** Enough for 2^53 leaves. */
const LEVELS = 54;
/** Where the two children lie in the input of a node: 0x01 || left || right. */
const LEFT = 1;
const RIGHT = 1 + HASH_BYTES;

/**
 * The Merkle tree hash of RFC 6962 section 2.1, built leaf by leaf in constant memory: one hash for each 1 bit of its
 * size, the roots of the full subtrees. Leaves are hashes already (`leafOf`).
 */
export class MerkleTree {
  /** At level n the root of a full subtree of 2^n leaves; it counts where bit n of the size is 1. */
  readonly #levels = Buffer.alloc(LEVELS * HASH_BYTES);
  readonly #node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds one 32-byte leaf hash. */
  append(leaf: Uint8Array): void {
    if (leaf.length !== HASH_BYTES) throw new RangeError('a leaf is 32 bytes');
    this.#node.set(leaf, RIGHT);
    let level = 0;
    // As in counting, a 1 bit carries: a full subtree and an equal one become one of twice the size.
    // Division, because bit operators would wrap at 2^31 leaves.
    for (let bits = this.#size; bits % 2 === 1; bits = (bits - 1) / 2) {
      this.#join(level);
      level += 1;
    }
    this.#node.copy(this.#levels, level * HASH_BYTES, RIGHT);
    this.#size += 1;
  }

  /** Adds leaf hashes laid end to end, as `packSegment` gives them. */
  appendMany(leaves: Uint8Array): void {
    if (leaves.length % HASH_BYTES !== 0) throw new RangeError('leaves are 32 bytes each');
    for (let at = 0; at < leaves.length; at += HASH_BYTES) this.append(leaves.subarray(at, at + HASH_BYTES));
  }

  /** 32 bytes. An empty tree has the hash of nothing. More leaves may follow. */
  root(): Uint8Array {
    if (this.#size === 0) return hash('sha256', '', 'buffer');
    let isFirst = true;
    for (let level = 0, bits = this.#size; bits > 0; level += 1, bits = Math.floor(bits / 2)) {
      if (bits % 2 === 0) continue;
      if (isFirst) this.#levels.copy(this.#node, RIGHT, level * HASH_BYTES, (level + 1) * HASH_BYTES);
      else this.#join(level);
      isFirst = false;
    }
    return new Uint8Array(this.#node.subarray(RIGHT));
  }

  /** The subtree of `level` and, to its right, what is in the node: their parent becomes what is in the node. */
  #join(level: number): void {
    this.#levels.copy(this.#node, LEFT, level * HASH_BYTES, (level + 1) * HASH_BYTES);
    hashInto(this.#node, this.#node, RIGHT);
  }
}
