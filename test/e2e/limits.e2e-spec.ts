// How often one caller may ask: by class, by user, by key, by tenant, and where no route is.
import { startVault, type Vault } from '../support/vault.ts';

interface Problem {
  code: string;
}
type Document = { paths: Record<string, Record<string, object>> };

const BURST = 12;

describe('rate limits', () => {
  let vault: Vault;
  let begun: number;
  beforeAll(async () => {
    vault = await startVault({ env: { VAULT__RATE_LIMIT_RPS: '0.1', VAULT__RATE_LIMIT_BURST: String(BURST) } });
  });
  afterAll(() => vault.remove());

  /** Asks until it is refused, and gives how often it was not. */
  async function until429(ask: () => Promise<{ status: number }>): Promise<number> {
    for (let taken = 0; taken <= 2 * BURST; taken += 1) if ((await ask()).status === 429) return taken;
    throw new Error('nothing was refused');
  }

  it('are told of on every answer, and what is left of them', async () => {
    begun = performance.now();
    const { headers } = await vault.get('/auth/me');
    const told = ['ratelimit-limit', 'ratelimit-remaining', 'x-ratelimit-limit', 'x-ratelimit-remaining'];
    expect(told.map((name) => headers.get(name))).toEqual(['12', '11', '12', '11']);
    expect(Math.abs(Number(headers.get('x-ratelimit-reset')) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('count reads apart from writes, with the seconds to wait on the refusal', async () => {
    const key = await vault.post<{ key: string }>('/api-keys', { name: 'apart', scopes: ['dataset:read'] });
    const taken = await until429(() => vault.get('/auth/me'));
    expect(taken).toBeGreaterThanOrEqual(BURST - 1);
    expect(taken).toBeLessThanOrEqual(BURST - 1 + Math.floor((performance.now() - begun) / 10_000));
    const refused = await vault.get<Problem>('/auth/me');
    expect(refused.body.code).toBe('TOO_MANY_REQUESTS');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await vault.post('/datasets', { name: 'still writing' })).status).toBe(201);

    // A key is a caller of its own: one that is used too much leaves its owner, and every other key, theirs.
    const headers = { 'x-api-key': key.body.key };
    await vault.get('/datasets', { headers, token: null });
    expect(await until429(() => vault.get('/datasets', { headers, token: null }))).toBeGreaterThanOrEqual(BURST - 1);
  });

  it('count addresses that lead nowhere', async () => {
    const ask = (): Promise<{ status: number }> => vault.get('/nothing-here', { token: null });
    const before = performance.now();
    expect(await until429(ask)).toBeLessThanOrEqual(BURST + Math.floor((performance.now() - before) / 10_000));
    expect((await vault.get('/health')).status).toBe(200);
  });

  it('of classes are for routes that are there', async () => {
    const { body } = await vault.get<Document>('/docs-json');
    const known = new Set(Object.keys(body.paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1')));
    const { limitedRoutes } = (await import('../../dist/apps/vault-server/src/limited-routes.js' as string)) as {
      limitedRoutes: Record<string, string[]>;
    };
    expect(Object.keys(limitedRoutes).sort()).toEqual(['bulk', 'export', 'pii', 'sign-in']);
    expect(Object.values(limitedRoutes).flatMap((paths) => paths.filter((path) => !known.has(path)))).toEqual([]);
  });
});

describe('the limit of a tenant', () => {
  it('is one for everyone in it, also for those who have asked for nothing yet', async () => {
    const vault = await startVault({ env: { VAULT__RATE_LIMITS__TENANT_RPS: '2' } });
    const email = 'second@example.org';
    const password = 'some other phrase of words';
    await vault.post('/users', { email, password, roles: ['auditor'] });
    const token = await vault.signIn({ email, password });
    const answers = await Promise.all(Array.from({ length: 60 }, () => vault.get<Problem>('/auth/me')));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    const other = await Promise.all(Array.from({ length: 20 }, () => vault.get<Problem>('/auth/me', { token })));
    expect(other.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    const metrics = await (await fetch(vault.metricsUrl)).text();
    expect(metrics).toMatch(/rate_limit_rejections_total\{scope="tenant",class="read"\} [1-9]/);
    await vault.remove();
  });
});
