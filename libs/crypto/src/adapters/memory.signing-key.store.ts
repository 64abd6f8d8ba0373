import { type SigningKeyRow, SigningKeyStore } from '../signing-keys.ts';

/** Signing keys that end with the process. */
export class MemorySigningKeyStore extends SigningKeyStore {
  private readonly rows: SigningKeyRow[] = [];

  override async list(): Promise<SigningKeyRow[]> {
    return this.rows.toSorted((a, b) => b.number - a.number);
  }

  override async insert(row: SigningKeyRow): Promise<void> {
    const isThere = ({ number, seed }: SigningKeyRow): boolean =>
      number === row.number && seed.keyId === row.seed.keyId;
    if (!this.rows.some(isThere)) this.rows.push(row);
  }
}
