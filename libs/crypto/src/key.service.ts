import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '#kernel';
import { frame, type KeyContext } from './framing.ts';
import { type CacheLimits, KeyCache } from './key.cache.ts';
import { KeyMismatch } from './key.errors.ts';
import type { KeyManagement } from './key-management.ts';
import { commitmentOf, derive, newKey } from './key-material.ts';
import { openKey, type SealedKey, sealKey } from './key-wrap.ts';
import type { SegmentPlace } from './segment-format.ts';
import type { TenantKeyRow, TenantKeyStore } from './tenant-key.store.ts';
import { TenantKeys } from './tenant-keys.ts';

/** A key under a version of its tenant's key. */
export interface WrappedByTenant extends SealedKey {
  tenantKeyVersion: number;
}

/** A segment's data key under its tenant's key. This row is the only way into the segment: delete it to erase. */
export type WrappedSegmentKey = WrappedByTenant;

/** Whose secret it is, and what for. */
export interface UserSecretPlace {
  tenantId: string;
  userId: string;
  use: 'totp';
}

export type SecretPurpose =
  'subject-index' | 'pii-hash' | 'pii-rules' | 'pii-allow' | 'audit' | 'idempotency' | 'uploads' | 'duplicates';

/**
 * The key tree: root key -> tenant key -> segment data key. Keys given out are copies of the caller's own, in their
 * own ArrayBuffer, so they may be transferred to a worker and overwritten after use.
 */
export class KeyService {
  readonly #tenants: TenantKeys;
  readonly #segments: KeyCache;

  constructor(kms: KeyManagement, store: TenantKeyStore, limits: CacheLimits, clock: Clock) {
    this.#tenants = new TenantKeys(kms, store, limits, clock);
    this.#segments = new KeyCache(limits, clock);
  }

  /** @throws KeyUnavailable when the tenant's key cannot be had at the moment */
  async newSegmentKey(place: SegmentPlace): Promise<{ key: Uint8Array; wrapped: WrappedSegmentKey }> {
    const tenant = await this.#tenants.current(place.tenantId);
    const key = newKey();
    const wrapped = { tenantKeyVersion: tenant.version, ...sealKey(tenant.key, key, contextOf(place, tenant.version)) };
    tenant.key.fill(0);
    this.#segments.set(nameOf(place), key);
    return { key, wrapped };
  }

  /**
   * @throws KeyUnavailable when the tenant's key cannot be had
   * @throws KeyMismatch when this is not the key of that segment
   */
  async openSegmentKey(place: SegmentPlace, wrapped: WrappedSegmentKey): Promise<Uint8Array> {
    const cached = this.#segments.get(nameOf(place));
    if (cached && commits(wrapped, cached)) return cached;
    const key = await this.#unwrap(place, wrapped);
    this.#segments.set(nameOf(place), key);
    return key;
  }

  /** Drops a key from memory. To be called where the stored one is destroyed, or it opens for some minutes yet. */
  forgetSegmentKey(place: SegmentPlace): void {
    this.#segments.delete(nameOf(place));
  }

  /** The wrapped key under the tenant's current key, or null when it is already. The data key stays the same. */
  async rewrapSegmentKey(place: SegmentPlace, wrapped: WrappedSegmentKey): Promise<WrappedSegmentKey | null> {
    const tenant = await this.#tenants.current(place.tenantId);
    if (tenant.version === wrapped.tenantKeyVersion) return null;
    const key = await this.#unwrap(place, wrapped);
    const rewrapped = sealKey(tenant.key, key, contextOf(place, tenant.version));
    tenant.key.fill(0);
    key.fill(0);
    return { tenantKeyVersion: tenant.version, ...rewrapped };
  }

  /** Makes a new tenant key current and answers its version; older ones go on opening what they wrapped. */
  rotateTenantKey(tenantId: string): Promise<number> {
    return this.#tenants.rotate(tenantId);
  }

  /** The row under the current root key, or null when it is already: what a rotation of the root key stores. */
  rewrapTenantKey(row: TenantKeyRow): Promise<TenantKeyRow | null> {
    return this.#tenants.rewrap(row);
  }

  /** 32 bytes for one purpose of one tenant, the same for as long as the tenant exists: rotation does not change them. */
  async tenantSecret(tenantId: string, purpose: SecretPurpose): Promise<Uint8Array> {
    const secret = await this.#tenants.secret(tenantId);
    const derived = derive(secret, frame(['vault/purpose/v1', purpose]));
    secret.fill(0);
    return derived;
  }

  /** Wraps a secret of 32 bytes that one user shares with us, such as that of an authenticator app. */
  async wrapUserSecret(place: UserSecretPlace, secret: Uint8Array): Promise<WrappedByTenant> {
    const tenant = await this.#tenants.current(place.tenantId);
    const sealed = sealKey(tenant.key, secret, userContext(place, tenant.version));
    tenant.key.fill(0);
    return { tenantKeyVersion: tenant.version, ...sealed };
  }

  /**
   * @throws KeyUnavailable when the tenant's key cannot be had
   * @throws KeyMismatch when this is not that user's secret
   */
  async unwrapUserSecret(place: UserSecretPlace, wrapped: WrappedByTenant): Promise<Uint8Array> {
    const tenantKey = await this.#tenants.version(place.tenantId, wrapped.tenantKeyVersion);
    const secret = openKey(tenantKey, wrapped, userContext(place, wrapped.tenantKeyVersion));
    tenantKey.fill(0);
    if (!secret) throw new KeyMismatch(`tenant ${place.tenantId} user ${place.userId}`);
    return secret;
  }

  /** Overwrites every key in memory. */
  close(): void {
    this.#tenants.clear();
    this.#segments.clear();
  }

  async #unwrap(place: SegmentPlace, wrapped: WrappedSegmentKey): Promise<Uint8Array> {
    const tenantKey = await this.#tenants.version(place.tenantId, wrapped.tenantKeyVersion);
    const key = openKey(tenantKey, wrapped, contextOf(place, wrapped.tenantKeyVersion));
    tenantKey.fill(0);
    if (!key) throw new KeyMismatch(`tenant ${place.tenantId} version ${wrapped.tenantKeyVersion}`);
    return key;
  }
}

/** Whether the cached key is the one meant: what a cache knows by name must still be what the row says. */
function commits(sealed: SealedKey, key: Uint8Array): boolean {
  const commitment = commitmentOf(key);
  return commitment.length === sealed.commitment.length && timingSafeEqual(commitment, sealed.commitment);
}

function contextOf(place: SegmentPlace, version: number): KeyContext {
  const { tenantId: tenant, datasetId: dataset, segmentId: segment } = place;
  return { use: 'segment-key', tenant, dataset, segment, version: String(version) };
}

function userContext({ tenantId: tenant, userId: user, use }: UserSecretPlace, version: number): KeyContext {
  return { use: `user-secret/${use}`, tenant, user, version: String(version) };
}

function nameOf({ tenantId, datasetId, segmentId }: SegmentPlace): string {
  return `${tenantId} ${datasetId} ${segmentId}`;
}
