import { MasterKeyMalformed } from './key.errors.ts';
import { derive, KEY_BYTES } from './key-material.ts';

/**
 * The name of a root key, made from the key itself: another key has another name, so a mix-up is found by comparing
 * names and not by damage. 64 bits of HKDF output say nothing of the key.
 */
export function keyIdOf(key: Uint8Array): string {
  return `rk_${Buffer.from(derive(key, 'vault/key-id/v1')).toString('hex', 0, 8)}`;
}

/** Root keys by name; the first is current, the others only open what they sealed. */
export class Keyring {
  // Private to the language, so that no logger, inspector or JSON.stringify shows a key.
  readonly #keys: ReadonlyMap<string, Uint8Array>;

  constructor(keys: readonly Uint8Array[]) {
    this.#keys = new Map(keys.map((key) => [keyIdOf(key), key]));
    if (keys.length === 0 || this.#keys.size !== keys.length)
      throw new Error('a keyring holds one key or more, once each');
  }

  /** Current first. */
  get ids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  get currentId(): string {
    const [first] = this.#keys.keys();
    if (first === undefined) throw new Error('a keyring is never empty');
    return first;
  }

  find(id: string): Uint8Array | undefined {
    return this.#keys.get(id);
  }
}

/**
 * The keyring of a setting: keys of 32 bytes as base64, base64url or hex, separated by commas, the current one first.
 *
 * @throws MasterKeyMalformed naming the position, never the text
 */
export function keyringFromMasterKey(text: string): Keyring {
  const keys = text.split(',').map((part, index) => parseKey(part.trim(), index + 1));
  const names = keys.map(keyIdOf);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) throw new MasterKeyMalformed(twice + 1);
  return new Keyring(keys);
}

function parseKey(text: string, position: number): Uint8Array {
  const encoding = /^[0-9a-fA-F]{64}$/.test(text) ? 'hex' : /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? 'base64' : null;
  if (encoding === null) throw new MasterKeyMalformed(position);
  const key = new Uint8Array(Buffer.from(text, encoding));
  // Placeholders such as 0000… or aaaa… come from copied examples: 32 random bytes hold about 30 different ones.
  if (key.length !== KEY_BYTES || new Set(key).size < 16) throw new MasterKeyMalformed(position);
  return key;
}
