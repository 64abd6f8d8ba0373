import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { newId, showId } from '#kernel';
import type { AccessEpochs } from '../access-epochs.ts';
import { Unauthorized } from '../auth.errors.ts';
import type { AuthenticationLog } from '../authentication.log.ts';
import type { SignedIn } from '../sessions/sessions.service.ts';
import type { HalfSignedIn, SignIns } from '../sessions/sign-ins.ts';
import { canonicalEmail, type User } from '../users/user.entity.ts';
import type { UserRepository } from '../users/user.repository.ts';
import type { ExternalIdentityRepository } from './external-identity.repository.ts';
import { ProviderNotFound } from './oidc.errors.ts';
import type { OidcProvider } from './oidc.provider.ts';
import { type ClaimRules, vouched, type Vouched } from './provider-claims.ts';
import type { SealedAttempts } from './sealed-attempt.ts';

export interface ProviderSettings extends ClaimRules {
  /** As it is called in addresses. */
  name: string;
  /** Slug of the tenant its people are in. */
  tenant: string;
}

export interface OidcParts {
  database: Database;
  users: UserRepository;
  identities: ExternalIdentityRepository;
  signIns: SignIns;
  attempts: SealedAttempts;
  epochs: AccessEpochs;
  authentications: AuthenticationLog;
  audit: Audit;
}

const METHOD = 'oidc';
const BEGIN_AGAIN = 'This sign-in was not begun in this browser, or took too long: begin again.';
const NOT_LET_IN = 'The identity provider knows you, and this vault has no account for you.';

/** People an identity provider vouches for. */
export class OidcSignIns {
  constructor(
    private readonly parts: OidcParts,
    private readonly provider: OidcProvider | null,
    private readonly settings: ProviderSettings | null,
  ) {}

  /** Where to send somebody, and what their browser is to keep meanwhile. @throws ProviderNotFound, ProviderUnavailable */
  async begin(name: string): Promise<{ url: URL; sealed: string }> {
    const { url, attempt } = await this.named(name).provider.begin();
    return { url, sealed: await this.parts.attempts.seal(attempt) };
  }

  /** @throws ProviderNotFound, ProviderUnavailable, Unauthorized */
  async finish(
    name: string,
    { query, sealed, userAgent }: { query: string; sealed: string | null; userAgent?: string },
  ): Promise<SignedIn | HalfSignedIn> {
    const { authentications, attempts, signIns } = this.parts;
    const { provider, settings } = this.named(name);
    authentications.attempt();
    const attempt = sealed === null ? null : await attempts.open(sealed);
    if (!attempt) return this.refuse(null, 'it was not begun here', BEGIN_AGAIN);
    const claims = await provider.finish(query, attempt).catch((error: unknown) => {
      if (error instanceof Unauthorized) return this.refuse(null, 'the provider did not let them in', error.message);
      throw error;
    });
    const person = vouched(claims, settings);
    const user = await this.userOf(person, settings);
    if (!user) return this.refuse(null, 'nobody here has that verified address', NOT_LET_IN);
    if (user.disabledAt || user.lockedAt) return this.refuse(user, 'the account is closed', NOT_LET_IN);
    return signIns.proceed(user, METHOD, userAgent);
  }

  private named(name: string): { provider: OidcProvider; settings: ProviderSettings } {
    if (!this.provider || !this.settings || this.settings.name !== name) throw new ProviderNotFound();
    return { provider: this.provider, settings: this.settings };
  }

  private async userOf(person: Vouched, { tenant }: ProviderSettings): Promise<User | null> {
    const tenantId = (await this.parts.users.tenants()).find(({ slug }) => slug === tenant)?.id;
    if (!tenantId) return null;
    try {
      return await this.recognise(tenantId, person);
    } catch (error) {
      // Somebody who comes twice at once is made once, and the other time found.
      const raced = violates(error, 'users_email_key') || violates(error, 'external_identities_pkey');
      if (!raced) throw error;
      return this.recognise(tenantId, person);
    }
  }

  private async recognise(tenantId: string, person: Vouched): Promise<User | null> {
    const { database, users, identities } = this.parts;
    const known = await database.inTenant(tenantId, () => identities.find(person.issuer, person.subject));
    if (!known) return this.adopt(tenantId, person);
    const user = await users.find(tenantId, known.userId);
    return user && known.madeUser ? this.withRoles(user, person) : user;
  }

  /** Links who has the verified address already, or makes a user for it. Nobody of another tenant. */
  private async adopt(tenantId: string, person: Vouched): Promise<User | null> {
    const { database, users, identities, audit } = this.parts;
    if (person.email === null) return null;
    const email = canonicalEmail(person.email);
    const found = await users.findForSignIn(email);
    if (found && found.tenantId !== tenantId) return null;
    const id = found?.id ?? newId();
    const actor = { id, tenantId };
    const resource = showId('usr', id);
    await database.inTenant(tenantId, async () => {
      if (!found) {
        await users.insert({ id, tenantId, email, passwordHash: null, roles: person.roles ?? [] });
        await audit.append(actor, { action: 'user.create', resource, details: { method: METHOD } });
      }
      const { issuer, subject } = person;
      await identities.insert({ tenantId, issuer, subject, userId: id, madeUser: !found });
      await audit.append(actor, { action: 'user.link', resource, details: { issuer } });
    });
    return users.find(tenantId, id);
  }

  /** The provider says at each sign-in which roles somebody has whom it brought here. */
  private async withRoles(user: User, { roles }: Vouched): Promise<User> {
    const { database, users, epochs, audit } = this.parts;
    if (!roles || roles.join() === user.roles.join()) return user;
    await database.inTenant(user.tenantId, async () => {
      await users.update(user.id, { roles });
      const details = { roles: roles.join(' '), method: METHOD };
      await audit.append(user, { action: 'user.change', resource: showId('usr', user.id), details });
      await epochs.raise(user.tenantId);
    });
    return Object.assign(user, { roles });
  }

  private async refuse(user: User | null, reason: string, words: string): Promise<never> {
    await this.parts.authentications.tell(user, { action: 'auth.sign-in', method: METHOD, result: 'denied', reason });
    throw new Unauthorized(words);
  }
}
