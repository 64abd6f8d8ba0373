// For the day somebody got in: rotating the secret of the tokens, and the commands that take everything back.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Backing, backing } from '../support/backing.ts';
import { ADMIN, startVault, type Vault } from '../support/vault.ts';

interface Tokens {
  access_token: string;
  refresh_token: string;
}
interface Detailed {
  components: { auth: { status: string; jwt_key_id: string } };
}

const ANONYMOUS = { token: null };
const secret = (): string => randomBytes(24).toString('hex');

const login = async (vault: Vault, who = ADMIN): Promise<Tokens> =>
  (await vault.post<Tokens>('/auth/login', who, ANONYMOUS)).body;
const me = async (vault: Vault, token: string): Promise<number> => (await vault.get('/auth/me', { token })).status;
const refresh = (vault: Vault, token: string) =>
  vault.post<Tokens>('/auth/refresh', { refresh_token: token }, ANONYMOUS);
const keyId = async (vault: Vault): Promise<string> =>
  (await vault.get<Detailed>('/health/detailed')).body.components.auth.jwt_key_id;

describe('a new secret for the tokens', () => {
  let under: Backing;
  let files: { current: string; previous: string };
  let env: Record<string, string>;
  beforeEach(async () => {
    const made = await backing();
    const { VAULT__JWT_SECRET: _, ...rest } = made.env;
    under = { ...made, env: rest };
    files = { current: join(made.dataDir, 'mounted'), previous: join(made.dataDir, 'mounted-previous') };
    writeFileSync(files.current, secret());
    writeFileSync(files.previous, '');
    env = { VAULT__JWT_SECRET_FILE: files.current, VAULT__JWT_SECRET_PREVIOUS_FILE: files.previous };
  });
  afterEach(() => under.remove());

  /** Waits until the server has seen what was written. */
  async function changed(vault: Vault, from: string): Promise<string> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const id = await keyId(vault);
      if (id !== from) return id;
      if (Date.now() > deadline) throw new Error('the new secret was not taken');
      await delay(100);
    }
  }

  it('ends every access and refresh token without a restart, and leaves API keys', async () => {
    const vault = await startVault({ on: under, env });
    const before = await login(vault);
    const { body: key } = await vault.post<{ key: string }>('/api-keys', { name: 'x', scopes: ['account:read'] });
    const id = await keyId(vault);
    expect(id).toMatch(/^[0-9a-f]{12}$/);
    const next = secret();
    writeFileSync(files.current, next);
    expect(await changed(vault, id)).not.toBe(id);
    expect([await me(vault, before.access_token), (await refresh(vault, before.refresh_token)).status]).toEqual([
      401, 401,
    ]);
    expect(await me(vault, key.key)).toBe(200);
    expect(await me(vault, (await login(vault)).access_token)).toBe(200);
    const said = await vault.logged(({ event_type: type }) => type === 'signing-key');
    expect(said).toMatchObject({ level: 'warn', key_id: await keyId(vault) });
    expect(JSON.stringify(vault.log)).not.toContain(next);
    await vault.stop();
  });

  it('refuses nobody while the one before is listed, also over a restart', async () => {
    const vault = await startVault({ on: under, env });
    const [fresh, idle] = [await login(vault), await login(vault)];
    const id = await keyId(vault);
    writeFileSync(files.previous, readFileSync(files.current));
    writeFileSync(files.current, secret());
    await changed(vault, id);
    expect(await me(vault, fresh.access_token)).toBe(200);
    const moved = (await refresh(vault, fresh.refresh_token)).body;
    await vault.stop();

    writeFileSync(files.previous, '');
    const again = await startVault({ on: under, env });
    expect([await me(again, fresh.access_token), await me(again, moved.access_token)]).toEqual([401, 200]);
    expect((await refresh(again, moved.refresh_token)).status).toBe(200);
    expect((await refresh(again, idle.refresh_token)).status).toBe(401);
    await again.stop();
  });

  it('that is too short is not taken, and nobody is signed out', async () => {
    const vault = await startVault({ on: under, env });
    const { access_token: token } = await login(vault);
    writeFileSync(files.current, 'too short');
    await vault.logged(({ error }) => error === 'JWT_SECRET_TOO_SHORT');
    expect(vault.log.filter(({ error }) => error === 'JWT_SECRET_TOO_SHORT')).toHaveLength(1);
    expect(await me(vault, token)).toBe(200);
    await vault.stop();
  });
});
