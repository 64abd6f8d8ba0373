import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { BackupKey, Signer, WrappedKey } from '#crypto';

export const FORMAT = 'llm-data-vault backup 1';
export const NAME = /^vault-\d{8}t\d{6}z$/;

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

/** docs/operations/BACKUP.md describes it; the two are changed together. */
export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  name: z.string().regex(NAME),
  created_at: z.iso.datetime(),
  vault_version: z.string(),
  /** The schema the tables have, by the migrations that made it. */
  migrations: z.array(z.string()),
  key: z.strictObject({ root_key_id: z.string(), salt: base64, wrapped: base64, commitment: base64 }),
  tables: z.array(z.strictObject({ name: z.string(), columns: z.array(z.string()), rows: count })),
  /** In order. Those of `tables` hold the rows, those of `objects` the list of objects. */
  parts: z.array(z.strictObject({ kind: z.enum(['tables', 'objects']), bytes: count, sha256: hash })),
  objects: z.strictObject({ copied: z.boolean(), count, bytes: count, missing: z.array(z.string()) }),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const sealSchema = z.strictObject({ public_key: base64, signature: z.string(), mac: z.string() });
export type Seal = z.infer<typeof sealSchema>;

/** What stands before the manifest when it is signed, so that it is never taken for another kind of text. */
const PURPOSE = Buffer.from('vault/backup/v1\n');

export const manifestKey = (name: string): string => `${name}.manifest.json`;
export const sealKeyOf = (name: string): string => `${name}.sig`;
export const partKey = (name: string, index: number): string => `${name}.${String(index + 1).padStart(6, '0')}`;

export function wrappedKeyOf({ key }: Manifest): WrappedKey {
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
  return {
    keyId: key.root_key_id,
    salt: bytes(key.salt),
    wrapped: bytes(key.wrapped),
    commitment: bytes(key.commitment),
  };
}

export function keyEntryOf({ keyId, salt, wrapped, commitment }: WrappedKey): Manifest['key'] {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return { root_key_id: keyId, salt: text(salt), wrapped: text(wrapped), commitment: text(commitment) };
}

/** A signature for everybody who knows our public keys, and a MAC for whoever has the root key and nothing else. */
export function sealOf(manifest: Uint8Array, signer: Signer, key: BackupKey): Seal {
  const publicKey = Buffer.from(signer.publicKey);
  return {
    public_key: publicKey.toString('base64'),
    signature: signer.sign(Buffer.concat([PURPOSE, manifest])),
    mac: key.mac(Buffer.concat([manifest, publicKey])),
  };
}

export function isSealed(manifest: Uint8Array, seal: Seal, key: BackupKey): boolean {
  const publicKey = Buffer.from(seal.public_key, 'base64');
  return key.isMac(seal.mac, Buffer.concat([manifest, publicKey])) && isSigned(manifest, seal);
}

/** Needs no key of ours. Whether the public key is one of ours is for the reader to know. */
function isSigned(manifest: Uint8Array, { public_key: der, signature }: Seal): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.concat([PURPOSE, manifest]), key, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}
