import type { KeyContext } from './framing.ts';
import type { SealedKey } from './key-wrap.ts';

/** A key under a root key. `keyId` says which one, so that after a rotation the old ones are still found. */
export interface WrappedKey extends SealedKey {
  keyId: string;
}

/** Port. Root keys that never leave: they wrap and unwrap 32-byte keys. Every adapter passes `key-management.contract.ts`. */
export abstract class KeyManagement {
  /** The root key that wraps from now on. */
  abstract currentKeyId(): string;

  /** Every root key that can unwrap, the current one first. */
  abstract keyIds(): readonly string[];

  abstract wrap(key: Uint8Array, context: KeyContext): Promise<WrappedKey>;

  /**
   * The key, in a buffer of the caller's own.
   *
   * @throws KeyUnavailable when that root key is not here
   * @throws KeyMismatch when the wrapped key was altered, or wrapped for another context
   */
  abstract unwrap(wrapped: WrappedKey, context: KeyContext): Promise<Uint8Array>;

  /** @throws KeyUnavailable when the root keys cannot be used at the moment */
  abstract ping(): Promise<void>;
}
