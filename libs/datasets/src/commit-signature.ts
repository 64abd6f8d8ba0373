import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { showId } from '#kernel';

/** Made outside, with a key that the vault never sees. */
export interface CommitSignature {
  /** Ed25519 (RFC 8032), as PEM of its SubjectPublicKeyInfo (RFC 8410). */
  publicKey: string;
  /** 64 bytes in base64. */
  signature: string;
  signedAt: string;
}

/** What a signature is of. */
export interface Signed {
  id: string;
  hash: Buffer | null;
}

/** What is signed: three lines of ASCII, each with its end. The hash stands for the whole history of the commit. */
export function signedText({ id, hash }: Signed): string {
  return `vault/commit-signature/v1\n${showId('cm', id)}\n${hash?.toString('hex') ?? ''}\n`;
}

/** Null for anything but a public key of Ed25519. */
export function signingKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: pem, format: 'pem', type: 'spki' });
    // A private key has a public one in it, and should never have been sent.
    return pem.includes('PRIVATE') || key.asymmetricKeyType !== 'ed25519' ? null : key;
  } catch {
    return null;
  }
}

/** Whether the key made the signature, over what the commit is now. */
export function isSigned(
  commit: Signed,
  { publicKey, signature }: Pick<CommitSignature, 'publicKey' | 'signature'>,
): boolean {
  const key = signingKey(publicKey);
  return key !== null && verify(null, Buffer.from(signedText(commit)), key, Buffer.from(signature, 'base64'));
}

/** SHA-256 over the key's SubjectPublicKeyInfo in DER, written as OpenSSH writes those of its own. */
export function keyFingerprint(pem: string): string {
  const der = signingKey(pem)?.export({ format: 'der', type: 'spki' }) ?? Buffer.alloc(0);
  return `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`;
}
