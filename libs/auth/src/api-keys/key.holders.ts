import type { Database } from '#database';
import { type Clock, currentContext, type Log, type Principal, showId } from '#kernel';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import { Holder } from '../access/rights.ts';
import { AccessCache } from '../access-cache.ts';
import type { AccessEpochs } from '../access-epochs.ts';
import { Unauthorized } from '../auth.errors.ts';
import type { AuthenticationLog, Known } from '../authentication.log.ts';
import { hashOf } from '../opaque-token.ts';
import { keyScopes } from '../permissions.ts';
import type { RightsRepository } from '../roles/rights.repository.ts';
import type { ApiKeyRepository } from './api-key.repository.ts';
import { isWellFormed } from './api-key.token.ts';
import { isWithin } from './networks.ts';

const INVALID = 'Send a valid API key as Authorization: Bearer <key> or X-API-Key: <key>.';
const KEPT = 10_000;
const USED_EVERY_MS = 60_000;

interface KeyHolder {
  holder: Holder;
  until: Date | null;
  networks: string[];
}

export interface KeyHolderParts {
  database: Database;
  apiKeys: ApiKeyRepository;
  epochs: AccessEpochs;
  rights: RightsRepository;
  gatekeeper: Gatekeeper;
  authentications: AuthenticationLog;
  clock: Clock;
  log: Log;
}

/** Who calls with an API key. */
export class KeyHolders {
  private readonly cache: AccessCache<KeyHolder>;
  /** Whose key a hash is. That never changes, so it may be remembered for as long as there is room. */
  private readonly owners = new Map<string, Known & { apiKeyId: string }>();
  private readonly usedAt = new Map<string, number>();

  constructor(private readonly parts: KeyHolderParts) {
    this.cache = new AccessCache(parts.epochs, parts.clock);
  }

  /** @throws Unauthorized */
  async principal(key: string): Promise<Principal> {
    const hash = hashOf(key);
    const owner = isWellFormed(key) ? await this.ownerOf(hash) : null;
    if (!owner) return this.refuse(null, 'there is no such key');
    const known = await this.cache
      .holder(owner.tenantId, hash.toString('hex'), () => this.load(owner.tenantId, hash))
      .catch((error: unknown) => {
        if (error instanceof Unauthorized) return this.refuse(owner, 'the key or its owner is closed');
        throw error;
      });
    const { until, networks } = known;
    if (until && until <= this.parts.clock.now()) return this.refuse(owner, 'the key has ended');
    if (networks.length > 0 && !isWithin(networks, currentContext()?.ip)) {
      return this.refuse(owner, 'the address is not one of those the key is for');
    }
    this.used(owner);
    return known.holder.in(this.parts.gatekeeper.now());
  }

  /** A key that was used here lately; undefined for any other. Asks nobody: good for counting, not for letting in. */
  known(key: string): { apiKeyId: string; tenantId: string } | undefined {
    return this.owners.get(hashOf(key).toString('hex'));
  }

  private async ownerOf(hash: Buffer): Promise<(Known & { apiKeyId: string }) | null> {
    const name = hash.toString('hex');
    const known = this.owners.get(name);
    if (known) return known;
    const found = await this.parts.apiKeys.findPresented(hash);
    if (!found) return null;
    const owner = { id: found.ownerId, tenantId: found.tenantId, apiKeyId: found.id };
    if (this.owners.size >= KEPT) this.owners.clear();
    this.owners.set(name, owner);
    return owner;
  }

  private load(tenantId: string, hash: Buffer): Promise<KeyHolder | null> {
    const { database, apiKeys, rights } = this.parts;
    return database.inTenant(tenantId, async () => {
      const key = await apiKeys.live(hash);
      if (!key) return null;
      const datasetIds = key.datasetIds && new Set(key.datasetIds);
      const who = { id: key.ownerId, tenantId, apiKeyId: key.id, ...(datasetIds && { datasetIds }) };
      // What its scopes say, of what can be given to a key at all, and its owner may do at the moment.
      const permissions = new Set<string>(keyScopes.filter((name) => key.scopes.includes(name)));
      const rules = await rights.rulesOf(key.ownerId, key.roles);
      const holder = new Holder(who, { rules, cap: { permissions, datasetIds } });
      return { holder, until: key.until, networks: key.networks };
    });
  }

  private async refuse(owner: (Known & { apiKeyId: string }) | null, reason: string): Promise<never> {
    const resource = owner ? showId('key', owner.apiKeyId) : undefined;
    const told = { action: 'auth.api-key', method: 'api-key', result: 'denied', reason, resource } as const;
    await this.parts.authentications.tell(owner, told);
    throw new Unauthorized(INVALID);
  }

  /** Written down at most once a minute, and nobody waits for it. */
  private used({ apiKeyId, tenantId }: { apiKeyId: string; tenantId: string }): void {
    const now = this.parts.clock.now().getTime();
    if (now - (this.usedAt.get(apiKeyId) ?? 0) < USED_EVERY_MS) return;
    if (this.usedAt.size >= KEPT) this.usedAt.clear();
    this.usedAt.set(apiKeyId, now);
    this.parts.database
      .inTenant(tenantId, () => this.parts.apiKeys.used(apiKeyId))
      .catch((err: unknown) =>
        this.parts.log.warn({ event_type: 'api-key', err }, 'the last use was not written down'),
      );
  }
}
