import { createHmac, hkdfSync } from 'node:crypto';
import { secretKey } from '#kernel';

/** How far the same value becomes the same replacement. */
export const SCOPES = ['document', 'dataset', 'tenant'] as const;
export type Scope = (typeof SCOPES)[number];

const KEY_BYTES = 32;

/** What belongs to one document while it is rewritten: its keys, each derived when it is first used, and its people. */
export class OperatorKeys {
  /** The tenant's own; the caller overwrites it. */
  readonly hashKey: Uint8Array;
  /** Words of names that were replaced in this document, with what stands for them. */
  readonly people = new Map<string, string>();
  readonly #datasetId: string;
  readonly #document: string;
  readonly #derived = new Map<string, Uint8Array>();

  constructor(hashKey: Uint8Array, datasetId: string, document: string) {
    this.hashKey = hashKey;
    this.#datasetId = datasetId;
    this.#document = document;
  }

  /** The key of a purpose, the same wherever the scope is the same: HKDF-SHA256 from the tenant's key. */
  of(purpose: string, scope: Scope): Uint8Array {
    const name = `${purpose} ${scope}`;
    let key = this.#derived.get(name);
    if (!key) {
      const info = Buffer.concat([Buffer.from(`vault/pii/${name}\0`), this.#domain(scope)]);
      key = new Uint8Array(hkdfSync('sha256', this.hashKey, new Uint8Array(0), info, KEY_BYTES));
      this.#derived.set(name, key);
    }
    return key;
  }

  /** A document is told by what it says: the same document done again, as after a crash, becomes the same. */
  #domain(scope: Scope): Uint8Array {
    if (scope === 'tenant') return new Uint8Array(0);
    if (scope === 'dataset') return Buffer.from(this.#datasetId);
    return createHmac('sha256', secretKey(this.hashKey)).update(`${this.#datasetId}\0${this.#document}`).digest();
  }
}
