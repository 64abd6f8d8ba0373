import { createHash } from 'node:crypto';
import { randomToken } from '#crypto';

/** What an opaque token is for, told by how it begins: one of a kind is never looked up as another. */
export type OpaqueKind = 'ldr' | 'ldi';

/** A secret of 256 bits that says nothing: `ldr_…` refreshes a session, `ldi_…` sets a password once. */
export function newOpaqueToken(kind: OpaqueKind): string {
  return `${kind}_${randomToken()}`;
}

export function isOpaqueToken(kind: OpaqueKind, token: string): boolean {
  return token.startsWith(`${kind}_`) && /^[A-Za-z0-9_-]{43}$/.test(token.slice(kind.length + 1));
}

/** How a secret of 256 bits is kept. It cannot be guessed, so a fast hash is as good as a slow one (ASVS 6.5.2). */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
