import { type Checkpoint, checkpointHash, signedBytesOfCheckpoint } from './checkpoint.ts';
import { type ChainEntry, entryHash } from './entry.ts';
import type { PublicKeys } from './public-keys.ts';

export type FlawKind =
  | 'edited'
  | 'missing'
  | 'doubled'
  | 'reordered'
  | 'malformed'
  | 'truncated'
  | 'checkpoint'
  | 'signature'
  | 'unknown-key'
  | 'mac'
  | 'unsealed'
  | 'anchor';

/** What is wrong first. `seq` is the first sequence number that nothing vouches for; null before the first. */
export interface Flaw {
  kind: FlawKind;
  seq: number | null;
}

/** Goes along a chain, entry by entry, and says where it stops being one. */
export class ChainCheck {
  readonly tenant: string;
  readonly #keys: PublicKeys;
  #head: string;
  #next: number;
  #checkpoint: Checkpoint | null = null;
  #checkpoints = 0;

  /** `prev` is what stands before entry `first`. */
  constructor(tenant: string, first: number, prev: string, keys: PublicKeys) {
    this.tenant = tenant;
    this.#next = first;
    this.#head = prev;
    this.#keys = keys;
  }

  /** The seq that must come next. */
  get next(): number {
    return this.#next;
  }

  get head(): string {
    return this.#head;
  }

  get checkpoints(): number {
    return this.#checkpoints;
  }

  entry(entry: ChainEntry): Flaw | null {
    const seq = this.#next;
    // Asked as if it stood here: so a changed number is told from an entry that belongs elsewhere.
    const belongs = entryHash(this.tenant, this.#head, { ...entry, seq }) === entry.hash;
    if (entry.seq !== seq) {
      if (belongs) return { kind: 'edited', seq };
      return entry.seq > seq ? { kind: 'missing', seq } : { kind: 'doubled', seq: entry.seq };
    }
    if (!belongs) return { kind: 'edited', seq };
    this.#head = entry.hash;
    this.#next = seq + 1;
    return null;
  }

  /** A checkpoint right behind the last entry it counts. */
  checkpoint(checkpoint: Checkpoint, signature: string): Flaw | null {
    const seq = this.#next;
    const before = this.#checkpoint;
    const follows =
      !before || (checkpoint.number === before.number + 1 && checkpoint.previous === checkpointHash(before));
    if (!follows || checkpoint.tenant !== this.tenant) return { kind: 'checkpoint', seq };
    const flaw = this.signed(checkpoint.key, signedBytesOfCheckpoint(checkpoint), signature);
    if (flaw) return flaw;
    if (checkpoint.count !== seq - 1 || checkpoint.head !== this.#head) return { kind: 'checkpoint', seq };
    this.#checkpoint = checkpoint;
    this.#checkpoints += 1;
    return null;
  }

  signed(keyId: string, bytes: Uint8Array, signature: string): Flaw | null {
    if (!this.#keys.has(keyId)) return { kind: 'unknown-key', seq: this.#next };
    return this.#keys.verify(keyId, bytes, signature) ? null : { kind: 'signature', seq: this.#next };
  }
}
