import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyContext } from './framing.ts';
import type { KeyManagement, WrappedKey } from './key-management.ts';
import { derive, newKey } from './key-material.ts';
import { openBytes, sealBytes } from './sealed-bytes.ts';

/** The key of one backup. Its parts open in their own place of that backup only, and it vouches for the list of them. */
export class BackupKey {
  readonly #key: Uint8Array;
  readonly #backup: string;

  private constructor(key: Uint8Array, backup: string) {
    this.#key = key;
    this.#backup = backup;
  }

  /** A new key for the backup of that name, and what to keep of it: it is under the current root key. */
  static async make(kms: KeyManagement, backup: string): Promise<{ key: BackupKey; wrapped: WrappedKey }> {
    const key = newKey();
    return { key: new BackupKey(key, backup), wrapped: await kms.wrap(key, contextOf(backup)) };
  }

  /**
   * @throws KeyUnavailable when the root key is not here that it was made under
   * @throws KeyMismatch when it was altered, or belongs to another backup
   */
  static async open(kms: KeyManagement, backup: string, wrapped: WrappedKey): Promise<BackupKey> {
    return new BackupKey(await kms.unwrap(wrapped, contextOf(backup)), backup);
  }

  sealPart(index: number, bytes: Uint8Array): Buffer {
    return sealBytes(this.#key, bytes, this.#placeOf(index));
  }

  /** What was sealed as that part, or null when this is not it. */
  openPart(index: number, sealed: Uint8Array): Buffer | null {
    return openBytes(this.#key, sealed, this.#placeOf(index));
  }

  /** Hexadecimal. Only who has the root key can make it, or tell whether it is right. */
  mac(bytes: Uint8Array): string {
    return createHmac('sha256', derive(this.#key, 'vault/backup-manifest/v1')).update(bytes).digest('hex');
  }

  isMac(mac: string, bytes: Uint8Array): boolean {
    const [given, right] = [Buffer.from(mac, 'hex'), Buffer.from(this.mac(bytes), 'hex')];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  /** Overwrites the key. */
  forget(): void {
    this.#key.fill(0);
  }

  #placeOf(index: number): KeyContext {
    return { use: 'backup-part', backup: this.#backup, part: String(index) };
  }
}

function contextOf(backup: string): KeyContext {
  return { use: 'backup', backup };
}
