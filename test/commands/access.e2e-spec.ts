// The operations commands that give and take access, beside a running server or in its place.
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { backing, onServices } from '../support/backing.ts';
import { ADMIN, MAIN, startVault, type Vault } from '../support/vault.ts';

interface Tokens {
  access_token: string;
  refresh_token: string;
}

const ANONYMOUS = { token: null };

const login = async (vault: Vault, who = ADMIN): Promise<Tokens> =>
  (await vault.post<Tokens>('/auth/login', who, ANONYMOUS)).body;
const me = async (vault: Vault, token: string): Promise<number> => (await vault.get('/auth/me', { token })).status;
const refresh = (vault: Vault, token: string) =>
  vault.post<Tokens>('/auth/refresh', { refresh_token: token }, ANONYMOUS);

describe('the commands of access', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  const run = (...args: string[]): { status: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...vault.backing.env },
      encoding: 'utf8',
    });
    return { status, out: stdout, err: stderr };
  };
  /** Runs beside the server on real services; the built-in database is for one process at a time. */
  const beside = async (...args: string[]) => {
    if (onServices) return run(...args);
    await vault.stop();
    const result = run(...args);
    vault = await startVault({ on: vault.backing });
    return result;
  };
  /** That it takes two seconds at the most is held by the suite of two replicas. */
  async function refused(token: string): Promise<void> {
    for (const deadline = Date.now() + 60_000; (await me(vault, token)) !== 401; await delay(50))
      if (Date.now() > deadline) throw new Error('the token is still taken');
  }

  it('make an administrator, whose password is said once', async () => {
    const { status, out } = await beside('user', 'create-admin', '--email', 'Ada@example.org', '--json');
    const made = JSON.parse(out) as { id: string; email: string; initial_password: string };
    expect([status, made.email]).toEqual([0, 'ada@example.org']);
    const { access_token: token } = await login(vault, { email: 'ada@example.org', password: made.initial_password });
    expect((await vault.get('/users', { token })).status).toBe(200);
    const twice = await beside('user', 'create-admin', '--email', 'ada@example.org');
    expect([twice.status, twice.out, twice.err]).toEqual([1, '', expect.stringContaining('has a user already')]);
    expect((await beside('user', 'create-admin', '--email', 'x@example.org', '--tenant', 'nobody')).status).toBe(1);
  });

  it('end the sessions of one user or of all, and API keys where wanted', async () => {
    const email = 'grace@example.org';
    await vault.post('/users', { email, roles: ['admin'], password: ADMIN.password });
    const grace = await login(vault, { email, password: ADMIN.password });
    const { body: key } = await vault.post<{ key: string }>(
      '/api-keys',
      { name: 'x', scopes: ['account:read'] },
      { token: grace.access_token },
    );
    const own = await login(vault);
    expect([await me(vault, grace.access_token), await me(vault, own.access_token)]).toEqual([200, 200]);

    const one = await beside('auth', 'revoke-all', '--user', email, '--json');
    expect([one.status, JSON.parse(one.out)]).toEqual([0, { sessions: 1, api_keys: 0 }]);
    await refused(grace.access_token);
    expect((await refresh(vault, grace.refresh_token)).status).toBe(401);
    expect([await me(vault, own.access_token), await me(vault, key.key)]).toEqual([200, 200]);

    const all = await beside('auth', 'revoke-all', '--api-keys');
    expect([all.status, all.out]).toEqual([0, expect.stringMatching(/^ended \d+ sessions and revoked 1 API keys\n$/)]);
    for (const token of [own.access_token, key.key]) await refused(token);
    expect((await beside('auth', 'revoke-all', '--user', 'nobody@example.org')).status).toBe(1);
  });

  it('let in again who has been guessed at', async () => {
    const who = { email: 'alan@example.org', password: 'a phrase of several plain words' };
    vault.token = await vault.signIn();
    await vault.post('/users', who);
    for (let i = 0; i < 11; i += 1) await vault.post('/auth/login', { ...who, password: 'x' }, ANONYMOUS);
    expect((await vault.post('/auth/login', who, ANONYMOUS)).status).toBe(429);
    expect(await beside('user', 'unlock', '--email', who.email)).toMatchObject({ status: 0 });
    expect((await vault.post('/auth/login', who, ANONYMOUS)).status).toBe(200);
    expect((await beside('user', 'unlock', '--email', 'nobody@example.org')).status).toBe(1);
  });

  it('tell what a stolen credential has touched, and how often', async () => {
    vault.token = await vault.signIn();
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, '{"a":1}\n');
    const { body: key } = await vault.post<{ id: string; key: string }>('/api-keys', {
      name: 'stolen',
      scopes: ['record:read', 'dataset:export'],
    });
    for (let i = 0; i < 3; i += 1) await vault.get(`/datasets/${dataset}/export`, { token: key.key });
    await vault.post('/datasets', { name: 'not allowed' }, { token: key.key });
    const { body: sessions } = await vault.get<{ items: { id: string; current: boolean }[] }>('/auth/sessions');
    const session = sessions.items.find(({ current }) => current)!.id;

    const byKey = await beside('auth', 'touched', key.id, '--json');
    const rows = byKey.out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toContainEqual(expect.objectContaining({ resource: dataset, result: 'allowed', count: 3 }));
    expect(rows).toContainEqual(expect.objectContaining({ action: 'dataset:write', result: 'denied', count: 1 }));
    expect((await beside('auth', 'touched', session)).out).toContain(`${dataset} allowed`);
    expect((await beside('auth', 'touched', ADMIN.email)).out).toContain('auth.sign-in');
    expect((await beside('auth', 'touched', 'nonsense')).status).toBe(1);
  });
});

it('vault-server user create-admin makes the tenant, too, where nobody has started a server yet', async () => {
  const under = await backing();
  if (!onServices) return under.remove();
  const { stdout } = spawnSync(process.execPath, [MAIN, 'user', 'create-admin', '--email', ADMIN.email, '--json'], {
    env: { PATH: process.env['PATH'] ?? '', ...under.env },
    encoding: 'utf8',
  });
  const { initial_password: password } = JSON.parse(stdout) as { initial_password: string };
  const vault = await startVault({ on: under, as: { email: ADMIN.email, password } });
  expect(await me(vault, vault.token)).toBe(200);
  await vault.remove();
});
