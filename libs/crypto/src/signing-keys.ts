import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { KeyContext } from './framing.ts';
import { KeyUnavailable } from './key.errors.ts';
import type { KeyManagement, WrappedKey } from './key-management.ts';
import { newKey } from './key-material.ts';

/** An Ed25519 key pair as it is stored: its secret half, a 32-byte seed, under a root key. */
export interface SigningKeyRow {
  /** 1, 2, 3 … The largest is current. */
  number: number;
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Uint8Array;
  seed: WrappedKey;
}

/** Port. Where wrapped signing keys are kept. */
export abstract class SigningKeyStore {
  /** Every row, the largest number first. A key may be there under several root keys. */
  abstract list(): Promise<SigningKeyRow[]>;

  /** Stores the row, unless that number is there under that root key: then nothing changes. */
  abstract insert(row: SigningKeyRow): Promise<void>;
}

/** A key that signs. Its secret half does not come out. */
export interface Signer {
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Uint8Array;
  /** Ed25519 (RFC 8032), as 128 hexadecimal digits. */
  sign(bytes: Uint8Array): string;
}

/** RFC 8410: what stands before the seed in a PKCS #8 private key. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The keys the vault signs with. Their public halves stay for ever, so that what was signed can be checked for ever. */
export class SigningKeys {
  readonly #kms: KeyManagement;
  readonly #store: SigningKeyStore;

  constructor(kms: KeyManagement, store: SigningKeyStore) {
    this.#kms = kms;
    this.#store = store;
  }

  /** The current key, made when first needed. @throws KeyUnavailable when its root key is not here */
  async current(): Promise<Signer> {
    const rows = await this.#rows();
    const { number } = rows[0]!;
    const row = this.#openable(rows.filter((each) => each.number === number));
    const seed = await this.#kms.unwrap(row.seed, contextOf(number));
    const key = privateKeyOf(seed);
    seed.fill(0);
    return { publicKey: row.publicKey, sign: (bytes) => sign(null, bytes, key).toString('hex') };
  }

  /** Public halves of every key there was, the current one first. */
  async publicKeys(): Promise<Uint8Array[]> {
    const keys = new Map((await this.#rows()).map(({ number, publicKey }) => [number, publicKey]));
    return [...keys.values()];
  }

  /** Adds what is missing under the current root key, and gives how many: part of a rotation of the root key. */
  async rewrap(): Promise<number> {
    const rows = await this.#rows();
    let done = 0;
    for (const number of new Set(rows.map((row) => row.number))) {
      const same = rows.filter((row) => row.number === number);
      if (same.some(({ seed }) => seed.keyId === this.#kms.currentKeyId())) continue;
      const row = this.#openable(same);
      const seed = await this.#kms.unwrap(row.seed, contextOf(number));
      await this.#store.insert({ ...row, seed: await this.#kms.wrap(seed, contextOf(number)) });
      seed.fill(0);
      done += 1;
    }
    return done;
  }

  /** Whoever stores number 1 first has made the key; everyone else takes that one. */
  async #rows(): Promise<SigningKeyRow[]> {
    const rows = await this.#store.list();
    if (rows.length > 0) return rows;
    const seed = newKey();
    const publicKey = createPublicKey(privateKeyOf(seed)).export({ type: 'spki', format: 'der' });
    await this.#store.insert({ number: 1, publicKey, seed: await this.#kms.wrap(seed, contextOf(1)) });
    seed.fill(0);
    return this.#store.list();
  }

  #openable(rows: SigningKeyRow[]): SigningKeyRow {
    const ids = this.#kms.keyIds();
    const row = rows.find(({ seed }) => ids.includes(seed.keyId));
    if (!row) throw new KeyUnavailable(rows[0]!.seed.keyId);
    return row;
  }
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([PKCS8, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
}

function contextOf(number: number): KeyContext {
  return { use: 'signing-key', number: String(number) };
}
