import { type Checkpoint, checkpointHash, noCheckpoint, signedBytesOfCheckpoint } from './checkpoint.ts';
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
  readonly #fromStart: boolean;
  #head: string;
  #next: number;
  #checkpoint: Checkpoint | null = null;
  #checkpoints = 0;

  /** `prev` is what stands before entry `first`. */
  constructor(tenant: string, first: number, prev: string, keys: PublicKeys) {
    this.tenant = tenant;
    this.#next = first;
    this.#fromStart = first === 1;
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
    if (!this.#follows(checkpoint) || checkpoint.tenant !== this.tenant) return { kind: 'checkpoint', seq };
    const flaw = this.signed(checkpoint.key, signedBytesOfCheckpoint(checkpoint), signature);
    if (flaw) return flaw;
    if (checkpoint.count !== seq - 1 || checkpoint.head !== this.#head) return { kind: 'checkpoint', seq };
    this.#checkpoint = checkpoint;
    this.#checkpoints += 1;
    return null;
  }

  /** Of a chain that is seen from its middle on, the first checkpoint is taken as it comes. */
  #follows({ number, previous }: Checkpoint): boolean {
    const before = this.#checkpoint;
    if (before) return number === before.number + 1 && previous === checkpointHash(before);
    return !this.#fromStart || (number === 1 && previous === noCheckpoint(this.tenant));
  }

  signed(keyId: string, bytes: Uint8Array, signature: string): Flaw | null {
    if (!this.#keys.has(keyId)) return { kind: 'unknown-key', seq: this.#next };
    return this.#keys.verify(keyId, bytes, signature) ? null : { kind: 'signature', seq: this.#next };
  }
}
