import type { Database } from '#database';
import type { Clock, Principal } from '#kernel';
import type { Gatekeeper } from './access/gatekeeper.ts';
import { Holder } from './access/rights.ts';
import { credentialOf } from './access.decorators.ts';
import { AccessCache } from './access-cache.ts';
import type { AccessEpochs } from './access-epochs.ts';
import type { KeyHolders } from './api-keys/key.holders.ts';
import { isApiKey } from './api-keys/api-key.token.ts';
import type { RightsRepository } from './roles/rights.repository.ts';
import type { SessionRepository } from './sessions/session.repository.ts';
import type { AccessClaims, Tokens } from './sessions/tokens.ts';

export interface AuthenticatorParts {
  database: Database;
  sessions: SessionRepository;
  epochs: AccessEpochs;
  tokens: Tokens;
  keyHolders: KeyHolders;
  rights: RightsRepository;
  gatekeeper: Gatekeeper;
  clock: Clock;
}

/** Whom a request is from: a user, or an API key in its own right. */
export interface Identified {
  scope: 'user' | 'key';
  id: string;
  tenantId: string;
}

/** Who is calling, by an access token or an API key. */
export class Authenticator {
  private readonly cache: AccessCache<Holder>;

  constructor(private readonly parts: AuthenticatorParts) {
    this.cache = new AccessCache(parts.epochs, parts.clock);
  }

  /** @throws Unauthorized */
  async principal(credential: string): Promise<Principal> {
    if (isApiKey(credential)) return this.parts.keyHolders.principal(credential);
    const claims = await this.parts.tokens.verify(credential);
    const { tenantId, userId, sessionId } = claims;
    const name = `${userId} ${sessionId} ${claims.purpose ?? ''}`;
    const holder = await this.cache.holder(tenantId, name, () => this.load(claims));
    return holder.in(this.parts.gatekeeper.now());
  }

  /**
   * Whom a request is from, for counting and not for letting in: the user of a valid access token, or an API key that
   * was let in before. Null for anyone else.
   */
  async identify(headers: Parameters<typeof credentialOf>[0]): Promise<Identified | null> {
    const credential = credentialOf(headers);
    if (!credential) return null;
    if (isApiKey(credential)) {
      const key = this.parts.keyHolders.known(credential);
      return key ? { scope: 'key', id: key.apiKeyId, tenantId: key.tenantId } : null;
    }
    const claims = await this.parts.tokens.verify(credential).catch(() => null);
    return claims && { scope: 'user', id: claims.userId, tenantId: claims.tenantId };
  }

  private async load({ tenantId, userId, sessionId, purpose }: AccessClaims): Promise<Holder | null> {
    const { database, sessions, rights } = this.parts;
    return database.inTenant(tenantId, async () => {
      const roles = await sessions.rolesOf(sessionId, userId);
      if (!roles) return null;
      const rules = await rights.rulesOf(userId, roles);
      return new Holder({ id: userId, tenantId, sessionId }, { rules, cap: null, purpose });
    });
  }
}
