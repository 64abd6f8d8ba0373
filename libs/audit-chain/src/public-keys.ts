import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';

const PEM = /-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----/g;
const SIGNATURE = /^[0-9a-f]{128}$/;

/** Names a public key (SubjectPublicKeyInfo, DER) by its own bytes, so that no other can take its name. */
export function keyIdOf(publicKey: Uint8Array): string {
  return `ak_${hash('sha256', publicKey, 'hex').slice(0, 32)}`;
}

/** The keys whose signatures count. */
export class PublicKeys {
  readonly #keys = new Map<string, KeyObject>();

  /** Of keys as SubjectPublicKeyInfo, DER. Anything but an Ed25519 key is left out. */
  constructor(publicKeys: Iterable<Uint8Array>) {
    for (const der of publicKeys) {
      const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
      if (key.asymmetricKeyType === 'ed25519') this.#keys.set(keyIdOf(der), key);
    }
  }

  /** Of every PEM block in a text: a `.pem` file, or the answer of `/.well-known/ldv-keys`. */
  static fromText(text: string): PublicKeys {
    // In JSON the line ends of a block are written as \n.
    const blocks = text.replaceAll('\\n', '\n').match(PEM) ?? [];
    return new PublicKeys(blocks.map((block) => createPublicKey(block).export({ type: 'spki', format: 'der' })));
  }

  get ids(): string[] {
    return [...this.#keys.keys()];
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** Whether that key has signed these bytes. The signature is 128 hexadecimal digits. */
  verify(keyId: string, bytes: Uint8Array, signature: string): boolean {
    const key = this.#keys.get(keyId);
    return key !== undefined && SIGNATURE.test(signature) && verify(null, bytes, key, Buffer.from(signature, 'hex'));
  }
}
