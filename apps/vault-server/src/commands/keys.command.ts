import { Audit } from '#audit';
import { SigningKeyRepository } from '#audit-trail';
import { UserRepository } from '#auth';
import { rotateKeyring } from '#crypto';
import { type Census, KeyCensus, KeyRewrapping, type Rewrapped } from '#key-rotation';
import { showId } from '#kernel';
import { keyringPath, type Platform, withDataDir } from '../platform.ts';
import { readSettings, type Settings } from '../settings.ts';
import { withPlatform } from './with-platform.ts';

export interface KeysOptions {
  json: boolean;
}

/** Counts what is under which key. */
export function keysCensus({ json }: KeysOptions): Promise<number> {
  return withPlatform(async ({ database, kms }) => {
    const users = new UserRepository(database);
    const census = new KeyCensus(database, kms, new SigningKeyRepository(database), () => users.tenants());
    const taken = await census.take();
    console.log(json ? JSON.stringify(taken) : asText(taken));
    return taken.root_keys.every(({ here, tenant_keys: count }) => here || count === 0) ? 0 : 1;
  });
}

/** Brings everything under the current keys: what follows on a rotation. */
export function keysRewrap({ json }: KeysOptions): Promise<number> {
  return withPlatform(async (platform) => {
    const done = await rewrapAll(platform);
    console.log(json ? JSON.stringify(done) : asWords(done));
    return 0;
  });
}

/** Makes a new root key, or a new key for each tenant, and brings everything under it. */
export async function keysRotate(which: 'root' | 'tenant', { json }: KeysOptions): Promise<number> {
  if (which === 'root') {
    const refusal = await rotateRoot(readSettings().settings);
    if (refusal !== null) {
      console.error(refusal);
      return 1;
    }
  }
  return withPlatform(async (platform) => {
    const rotated = which === 'tenant' ? await rotateTenants(platform) : [];
    const facts = { root_key: platform.kms.currentKeyId(), tenants: rotated, ...(await rewrapAll(platform)) };
    const made =
      which === 'root'
        ? `made root key ${facts.root_key}: copy keyring.json to a safe place`
        : `${rotated.length} tenants have new keys`;
    console.log(json ? JSON.stringify(facts) : `${made}\n${asWords(facts)}`);
    return 0;
  });
}

/** Puts a new key into the keyring. Gives why not, where that is not for this program to do. */
async function rotateRoot(settings: Settings): Promise<string | null> {
  // Servers learn a root key when they start: what is brought under it before that, they could not open.
  const rest = 'restart every server, and then run: vault-server keys rewrap';
  if (settings.encryption.master_key) {
    return `the root key is a setting: put a new one in front of it in VAULT__ENCRYPTION__MASTER_KEY, with a comma between, ${rest}`;
  }
  if (settings.database.url)
    return `the keyring is shared by servers: add a key to ${keyringPath(settings)} where it comes from, ${rest}`;
  await withDataDir(settings, () => rotateKeyring(keyringPath(settings)));
  return null;
}

async function rotateTenants({ database, keys }: Platform): Promise<{ tenant: string; version: number }[]> {
  const rotated: { tenant: string; version: number }[] = [];
  const audit = new Audit(database);
  for (const { id: tenantId } of await new UserRepository(database).tenants()) {
    const version = await keys.rotateTenantKey(tenantId);
    const resource = showId('ten', tenantId);
    const entry = { action: 'key.rotate', resource, details: { version } };
    await database.inTenant(tenantId, () => audit.append({ id: null, tenantId }, entry));
    rotated.push({ tenant: resource, version });
  }
  return rotated;
}

function rewrapAll({ database, keys, signing }: Platform): ReturnType<KeyRewrapping['run']> {
  const users = new UserRepository(database);
  return new KeyRewrapping(database, keys, signing, new Audit(database), () => users.tenants()).run();
}

function asWords({ tenant_keys: tenantKeys, signing_keys: signingKeys, segments }: Rewrapped): string {
  return `rewrapped ${tenantKeys} tenant keys, ${signingKeys} signing keys and ${segments} segment keys`;
}

function asText({ root_keys: roots, tenants }: Census): string {
  return [
    ...roots.map(({ id, here, current, tenant_keys: keys, signing_keys: signing }) => {
      const state = current ? 'current' : here ? 'here' : 'NOT HERE';
      const idle = !current && keys + signing === 0 ? '; may be retired' : '';
      return `root key ${id} ${state}: ${keys} tenant keys, ${signing} signing keys${idle}`;
    }),
    ...tenants.flatMap(({ tenant, versions }) =>
      versions.map(
        (v) =>
          `${tenant} version ${v.version} under ${v.root_key}: ${v.segments} segments, ${v.user_secrets} user secrets`,
      ),
    ),
  ].join('\n');
}
