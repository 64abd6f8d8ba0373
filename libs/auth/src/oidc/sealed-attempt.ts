import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { TokenKey, TokenKeys } from '../sessions/token-keys.ts';

/** What a sign-in that has begun has to remember until its user comes back. */
export interface Attempt {
  state: string;
  nonce: string;
  /** PKCE: shows that whoever comes with the code is who asked for it. */
  verifier: string;
}

/** How long somebody may take at the identity provider. */
export const ATTEMPT_SECONDS = 600;
const AUDIENCE = 'vault/oidc-attempt/v1';

/**
 * Keeps a begun sign-in sealed in the browser that began it. Any server can go on with it, none has to remember it, and
 * the link of a sign-in that somebody else began is worth nothing in another browser.
 */
export class SealedAttempts {
  constructor(private readonly keys: TokenKeys) {}

  seal(attempt: Attempt): Promise<string> {
    const { current } = this.keys;
    return new EncryptJWT({ ...attempt })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: current.id })
      .setAudience(AUDIENCE)
      .setExpirationTime(`${ATTEMPT_SECONDS}s`)
      .encrypt(sealingKey(current));
  }

  /** Null for what was not sealed by us, or too long ago. */
  async open(sealed: string): Promise<Attempt | null> {
    const find = (header: { kid?: unknown }): Uint8Array => {
      const key = this.keys.find(header.kid);
      if (!key) throw new Error('no such key');
      return sealingKey(key);
    };
    const options = {
      audience: AUDIENCE,
      requiredClaims: ['exp'],
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    };
    const opened = await jwtDecrypt<Attempt>(sealed, find, options).catch(() => null);
    if (!opened) return null;
    const { state, nonce, verifier } = opened.payload;
    return { state, nonce, verifier };
  }
}

function sealingKey({ secret }: TokenKey): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', AUDIENCE, 32));
}
