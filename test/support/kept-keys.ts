// Keys as the database keeps them, for specs of rooms that only know the ports.
import { AuditEvent } from '#audit';
import { auditTrailEntities, SigningKeyRepository } from '#audit-trail';
import { authEntities, TenantKeyRepository } from '#auth';
import type { SigningKeyStore, TenantKeyStore } from '#crypto';
import type { Database } from '#database';
import { type BlobStore, MemoryBlobStore } from '#storage';

/** Rows of tenants, keys and the audit. */
export const keyEntities = [...authEntities, ...auditTrailEntities, AuditEvent];

export function keptTenantKeys(database: Database): TenantKeyStore {
  return new TenantKeyRepository(database);
}

export function keptSigningKeys(database: Database): SigningKeyStore {
  return new SigningKeyRepository(database);
}

export function objectsInMemory(): BlobStore {
  return new MemoryBlobStore();
}
