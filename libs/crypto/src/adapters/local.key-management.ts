import type { KeyContext } from '../framing.ts';
import { KeyMismatch, KeyUnavailable } from '../key.errors.ts';
import { KeyManagement, type WrappedKey } from '../key-management.ts';
import { openKey, sealKey } from '../key-wrap.ts';
import type { Keyring } from '../keyring.ts';

/** Root keys in this process's memory, out of a keyring file or a setting. */
export class LocalKeyManagement extends KeyManagement {
  private readonly keyring: Keyring;

  constructor(keyring: Keyring) {
    super();
    this.keyring = keyring;
  }

  override currentKeyId(): string {
    return this.keyring.currentId;
  }

  override keyIds(): readonly string[] {
    return this.keyring.ids;
  }

  override async wrap(key: Uint8Array, context: KeyContext): Promise<WrappedKey> {
    const keyId = this.keyring.currentId;
    return { keyId, ...sealKey(this.root(keyId), key, context) };
  }

  override async unwrap(wrapped: WrappedKey, context: KeyContext): Promise<Uint8Array> {
    const key = openKey(this.root(wrapped.keyId), wrapped, context);
    if (!key) throw new KeyMismatch(wrapped.keyId);
    return key;
  }

  override async ping(): Promise<void> {
    this.root(this.keyring.currentId);
  }

  private root(keyId: string): Uint8Array {
    const root = this.keyring.find(keyId);
    if (!root) throw new KeyUnavailable(keyId);
    return root;
  }
}
