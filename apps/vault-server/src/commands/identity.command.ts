import { randomToken } from '#crypto';
import { Audit, type Suspect, type Touched, touchedBy } from '#audit';
import { type Accounts, bootstrap, openAccounts, type Tenant } from '#auth';
import type { Database } from '#database';
import { parseId, showId, SystemClock, VaultError } from '#kernel';
import { PinoLog } from '../logging/pino.log.ts';
import { openOwner } from '../platform.ts';
import { readSettings } from '../settings.ts';

const FAILED = 1;

interface Room extends Accounts {
  database: Database;
  tenants: Tenant[];
}

export interface NewAdministrator {
  email: string;
  tenant: string;
  json: boolean;
}

/** Makes an administrator, and says the first password once. In an empty vault also the tenant. */
export function createAdministrator({ email, tenant: slug, json }: NewAdministrator): Promise<number> {
  return withAccounts(async (room, audit) => {
    const password = randomToken(18);
    const log = new PinoLog('warn');
    if (room.tenants.length === 0) {
      await bootstrap({ ...room, audit, log }, { email, password });
      const made = (await room.users.findForSignIn(email))!;
      return tellAdministrator(made, password, json);
    }
    const tenant = room.tenants.find((each) => each.slug === slug);
    if (!tenant) return refuse(`there is no tenant ${slug}`);
    const actor = { id: null, tenantId: tenant.id };
    const { user } = await room.people.create(actor, { email, roles: ['admin'], password });
    return tellAdministrator(user, password, json);
  });
}

/** Lets somebody sign in again at once after too many failures. */
export function unblockUser({ email, json }: { email: string; json: boolean }): Promise<number> {
  return withAccounts(async (room) => {
    const user = await room.users.findForSignIn(email);
    if (!user) return refuse('there is no user with that address');
    await room.people.unlock({ id: null, tenantId: user.tenantId }, user.id);
    say({ id: showId('usr', user.id) }, 'the user may sign in again', json);
    return 0;
  });
}

export interface Revocation {
  user?: string;
  apiKeys: boolean;
  json: boolean;
}

/** Ends every session of one user or of everyone, on every server within two seconds and without a restart. */
export function revokeAll({ user: email, apiKeys, json }: Revocation): Promise<number> {
  return withAccounts(async ({ users, people, revocations, tenants }) => {
    const total = { sessions: 0, api_keys: 0 };
    const add = (revoked: { sessions: number; apiKeys: number }): void => {
      total.sessions += revoked.sessions;
      total.api_keys += revoked.apiKeys;
    };
    if (email === undefined) {
      for (const { id: tenantId } of tenants) add(await revocations.everything({ id: null, tenantId }, { apiKeys }));
    } else {
      const user = await users.findForSignIn(email);
      if (!user) return refuse('there is no user with that address');
      add(await people.revoke({ id: null, tenantId: user.tenantId }, user.id, { apiKeys }));
    }
    say(total, `ended ${total.sessions} sessions and revoked ${total.api_keys} API keys`, json);
    return 0;
  });
}

export interface Inquiry {
  /** An e-mail address, `ses_…` or `key_…`. */
  credential: string;
  json: boolean;
}

/** Lists everything that a stolen credential did, to what, and how often. */
export function touched({ credential, json }: Inquiry): Promise<number> {
  return withAccounts(async ({ database, users, tenants }) => {
    const user = await users.findForSignIn(credential);
    const suspect = user ? { userId: user.id } : suspectOf(credential);
    if (!suspect) return refuse('expected the address of a user, or the id of a session (ses_…) or an API key (key_…)');
    const found = await Promise.all(tenants.map(({ id }) => touchedBy(database, id, suspect)));
    for (const each of found.flat()) console.log(json ? JSON.stringify(each) : lineOf(each));
    return 0;
  });
}

function suspectOf(text: string): Suspect | null {
  const [sessionId, apiKeyId] = [parseId('ses', text), parseId('key', text)];
  if (sessionId) return { sessionId };
  return apiKeyId ? { apiKeyId } : null;
}

function lineOf({ action, resource, result, count, first, last }: Touched): string {
  return `${String(count).padStart(8)}  ${action} ${resource} ${result}, ${first.toISOString()} to ${last.toISOString()}`;
}

function tellAdministrator({ id, email }: { id: string; email: string }, password: string, json: boolean): number {
  const facts = { id: showId('usr', id), email, initial_password: password };
  say(facts, `made ${facts.id}\nits password, said only this once: ${password}`, json);
  return 0;
}

function say(facts: object, words: string, json: boolean): void {
  console.log(json ? JSON.stringify(facts) : words);
}

function refuse(why: string): number {
  console.error(why);
  return FAILED;
}

/** With the database alone: in the middle of an incident nothing else has to work for this. */
async function withAccounts(work: (room: Room, audit: Audit) => Promise<number>): Promise<number> {
  const log = new PinoLog('warn');
  const opened = await openOwner(readSettings().settings, log);
  try {
    const database = await opened.ready();
    const audit = new Audit(database);
    const accounts = openAccounts({ database, audit, clock: new SystemClock(), log });
    return await work({ ...accounts, database, tenants: await accounts.users.tenants() }, audit);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return refuse([error.message, ...(error.issues ?? []).map(({ detail }) => detail)].join(': '));
  } finally {
    await opened.close();
  }
}
