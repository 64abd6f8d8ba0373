import type { Clock } from '#kernel';
import type { KeyContext } from './framing.ts';
import { type CacheLimits, KeyCache } from './key.cache.ts';
import { KeyMismatch, KeyUnavailable } from './key.errors.ts';
import type { KeyManagement, WrappedKey } from './key-management.ts';
import { newKey } from './key-material.ts';
import { openKey, sealKey } from './key-wrap.ts';
import type { TenantKeyRow, TenantKeyStore } from './tenant-key.store.ts';

export interface TenantKey {
  version: number;
  /** A copy: the caller owns it. */
  key: Uint8Array;
}

/** How long what another process made current may be unknown here: every write asks, and a look costs it a transaction. */
const CURRENT_MS = 1000;
/** Tenants whose current row is remembered. */
const KEPT = 1000;

/** The middle of the key tree: tenant keys by version, made when first needed, held unwrapped for a short time. */
export class TenantKeys {
  readonly #kms: KeyManagement;
  readonly #store: TenantKeyStore;
  readonly #cache: KeyCache;
  readonly #clock: Clock;
  /** Rows as they are stored, by tenant: wrapped. */
  readonly #current = new Map<string, { row: TenantKeyRow; since: number }>();
  /** Unwrapping under way, by name: a thousand readers of a cold tenant ask the key management once. */
  readonly #unwrapping = new Map<string, Promise<Uint8Array>>();

  constructor(kms: KeyManagement, store: TenantKeyStore, limits: CacheLimits, clock: Clock) {
    this.#kms = kms;
    this.#store = store;
    this.#cache = new KeyCache(limits, clock);
    this.#clock = clock;
  }

  async current(tenantId: string): Promise<TenantKey> {
    const { row, key } = await this.#currentRow(tenantId);
    return { version: row.version, key };
  }

  /** @throws KeyUnavailable when there is no such version, or its root key is not here */
  async version(tenantId: string, version: number): Promise<Uint8Array> {
    const cached = this.#cache.get(nameOf(tenantId, version));
    if (cached) return cached;
    const row = await this.#store.find(tenantId, version);
    if (!row) throw new KeyUnavailable(nameOf(tenantId, version));
    return this.#open(row);
  }

  /** The tenant's index secret: the same under every version of the tenant key. */
  async secret(tenantId: string): Promise<Uint8Array> {
    const { row, key } = await this.#currentRow(tenantId);
    return openSecret(row, key);
  }

  /** Makes the next version current. Of two rotations at once one counts, and both answer with its version. */
  async rotate(tenantId: string): Promise<number> {
    this.#current.delete(tenantId);
    const { row, key } = await this.#currentRow(tenantId);
    const secret = openSecret(row, key);
    await this.#store.insert(await this.#newRow(tenantId, row.version + 1, secret));
    secret.fill(0);
    this.#current.delete(tenantId);
    return row.version + 1;
  }

  /** The row under the current root key, or null when it is already. The tenant key itself stays the same. */
  async rewrap(row: TenantKeyRow): Promise<TenantKeyRow | null> {
    if (row.key.keyId === this.#kms.currentKeyId()) return null;
    const key = await this.#open(row);
    const wrapped = await this.#kms.wrap(key, keyContext(row.tenantId, row.version));
    key.fill(0);
    return { ...row, key: wrapped };
  }

  clear(): void {
    this.#cache.clear();
    this.#current.clear();
  }

  async #currentRow(tenantId: string): Promise<{ row: TenantKeyRow; key: Uint8Array }> {
    const row = await this.#rowOf(tenantId);
    return { row, key: await this.#open(row) };
  }

  async #rowOf(tenantId: string): Promise<TenantKeyRow> {
    const now = this.#clock.now().getTime();
    const known = this.#current.get(tenantId);
    // A clock that was set back makes nothing last longer.
    if (known && now >= known.since && now - known.since < CURRENT_MS) return known.row;
    const row = (await this.#store.current(tenantId)) ?? (await this.#first(tenantId));
    if (this.#current.size >= KEPT) this.#current.clear();
    this.#current.set(tenantId, { row, since: now });
    return row;
  }

  /** Whoever stores version 1 first has made the tenant's key; everyone else takes that one. */
  async #first(tenantId: string): Promise<TenantKeyRow> {
    const secret = newKey();
    await this.#store.insert(await this.#newRow(tenantId, 1, secret));
    secret.fill(0);
    const row = await this.#store.find(tenantId, 1);
    if (!row) throw new KeyUnavailable(nameOf(tenantId, 1));
    return row;
  }

  async #newRow(tenantId: string, version: number, secret: Uint8Array): Promise<TenantKeyRow> {
    const key = newKey();
    const wrapped = await this.#kms.wrap(key, keyContext(tenantId, version));
    const row = { tenantId, version, key: wrapped, secret: sealKey(key, secret, secretContext(tenantId, version)) };
    key.fill(0);
    return row;
  }

  async #open(row: TenantKeyRow): Promise<Uint8Array> {
    const name = nameOf(row.tenantId, row.version);
    const cached = this.#cache.get(name);
    if (cached) return cached;
    // Only the key management's answer is shared, never a query: waiting for another request's transaction can deadlock.
    let opening = this.#unwrapping.get(name);
    if (!opening) {
      opening = this.#unwrap(name, row.key, keyContext(row.tenantId, row.version));
      this.#unwrapping.set(name, opening);
    }
    return (await opening).slice();
  }

  async #unwrap(name: string, wrapped: WrappedKey, context: KeyContext): Promise<Uint8Array> {
    try {
      const key = await this.#kms.unwrap(wrapped, context);
      this.#cache.set(name, key);
      return key;
    } finally {
      this.#unwrapping.delete(name);
    }
  }
}

function openSecret(row: TenantKeyRow, key: Uint8Array): Uint8Array {
  const secret = openKey(key, row.secret, secretContext(row.tenantId, row.version));
  key.fill(0);
  if (!secret) throw new KeyMismatch(nameOf(row.tenantId, row.version));
  return secret;
}

function keyContext(tenant: string, version: number): KeyContext {
  return { use: 'tenant-key', tenant, version: String(version) };
}

function secretContext(tenant: string, version: number): KeyContext {
  return { use: 'tenant-secret', tenant, version: String(version) };
}

function nameOf(tenantId: string, version: number): string {
  return `tenant ${tenantId} version ${version}`;
}
