import type { WrappedKey } from './key-management.ts';
import type { SealedKey } from './key-wrap.ts';

/** One version of a tenant's key, as it is stored: useless without the root key. */
export interface TenantKeyRow {
  tenantId: string;
  /** 1, 2, 3 … The largest is current. */
  version: number;
  /** The tenant key, under a root key. */
  key: WrappedKey;
  /** The tenant's index secret, under this version of the tenant key. Every version carries the same secret. */
  secret: SealedKey;
}

/** Port. Where wrapped tenant keys are kept; the database implements it, tests use the memory one. */
export abstract class TenantKeyStore {
  /** The row of the largest version. */
  abstract current(tenantId: string): Promise<TenantKeyRow | null>;

  abstract find(tenantId: string, version: number): Promise<TenantKeyRow | null>;

  /**
   * Stores the row, unless that version exists: then false, and nothing changes. Done means committed on its own,
   * whatever becomes of the caller's transaction: a key that is used and then rolled back takes its records with it.
   */
  abstract insert(row: TenantKeyRow): Promise<boolean>;
}
