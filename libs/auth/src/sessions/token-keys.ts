import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export interface TokenKey {
  /** Names the key without telling it. */
  id: string;
  secret: string;
  /** The same, ready to sign and to check with. */
  key: KeyObject;
}

/**
 * What tokens are signed with, and what else is still accepted. Sessions go with the key: when a new secret takes the
 * place of one that is not listed as a previous one, every access and refresh token of its time is refused.
 */
export class TokenKeys {
  private keys: readonly TokenKey[];

  constructor(current: string, previous: readonly string[] = []) {
    this.keys = keysOf(current, previous);
  }

  get current(): TokenKey {
    return this.keys[0]!;
  }

  find(id: unknown): TokenKey | null {
    return this.keys.find((key) => key.id === id) ?? null;
  }

  /** Whether what was signed with this secret still counts. */
  accept(secret: string): boolean {
    return this.keys.some((key) => key.secret === secret);
  }

  /** Takes other keys from now on, and tells whether they are others. */
  replace(current: string, previous: readonly string[]): boolean {
    const keys = keysOf(current, previous);
    const same = keys.map(({ id }) => id).join() === this.keys.map(({ id }) => id).join();
    this.keys = keys;
    return !same;
  }
}

/**
 * The refresh token that follows another. It is computed and not drawn, so that a client that lost the answer gets the
 * very same one again, and nothing that works has to be kept for that.
 */
export function successorOf({ secret }: TokenKey, token: string): string {
  return `ldr_${createHmac('sha256', secret).update(`vault/refresh-successor/v1/${token}`).digest('base64url')}`;
}

function keysOf(current: string, previous: readonly string[]): TokenKey[] {
  return [current, ...previous].map((secret) => ({
    id: createHash('sha256').update(`vault/jwt-key-id/${secret}`).digest('hex').slice(0, 12),
    secret,
    key: createSecretKey(Buffer.from(secret)),
  }));
}
