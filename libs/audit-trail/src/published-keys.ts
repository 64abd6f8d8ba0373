import { keyIdOf } from '#audit-chain';
import type { SigningKeys } from '#crypto';

/** The public keys by the names that signatures give them, the current one first. */
export async function publishedKeys(signing: SigningKeys): Promise<{ id: string; publicKey: Uint8Array }[]> {
  return (await signing.publicKeys()).map((publicKey) => ({ id: keyIdOf(publicKey), publicKey }));
}
