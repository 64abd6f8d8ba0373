import { startVault, type Vault } from '../support/vault.ts';

interface Answer {
  id: string;
  code?: string;
}

describe('a request with an Idempotency-Key', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  const create = (key: string, name: string): ReturnType<typeof vault.post<Answer>> =>
    vault.post<Answer>('/datasets', { name }, { headers: { 'idempotency-key': key } });
  const count = async (): Promise<number> =>
    (await vault.get<{ total: number }>('/datasets?count=exact&limit=1')).body.total;

  it('is done once, and answered the same each time', async () => {
    const first = await create('one', 'first');
    const again = await create('one', 'first');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
  });

  it('is done once when it comes ten times at the same time', async () => {
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create('at-once', 'at-once')));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await count()).toBe(before + 1);
  });

  it('is refused when the key came with another request', async () => {
    await create('other', 'other');
    const { status, body } = await create('other', 'another');
    expect([status, body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it('may be tried again after it was refused', async () => {
    await create('taken', 'taken');
    const refused = await create('retry', 'taken');
    expect(refused.status).toBe(409);
    expect((await create('retry', 'taken')).status).toBe(409);
    expect((await create('', 'x')).status).not.toBe(500);
  });

  it('is remembered after the server was killed', async () => {
    const first = await create('killed', 'killed');
    await vault.stop('SIGKILL');
    vault = await startVault({ on: vault.backing });
    const again = await create('killed', 'killed');
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  });

  it.each([
    ['/users', { email: 'once@example.org', roles: ['auditor'] }],
    ['/api-keys', { name: 'once', scopes: ['dataset:read'] }],
    ['/roles', { name: 'once', permissions: ['dataset:read'] }],
    ['/tenants', { slug: 'once', name: 'Once', admin_email: 'admin@once.example.org' }],
  ])('makes one thing at %s, and says what is shown only once a second time to the same caller', async (path, body) => {
    const headers = { 'idempotency-key': `made at ${path}`.replaceAll(' ', '-') };
    const answers = await Promise.all([1, 2, 3].map(() => vault.post<Answer>(path, body, { headers })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('is in the audit when it was refused, though all it did is rolled back', async () => {
    const password = 'some other phrase of words';
    await vault.post('/roles', { name: 'inviter', permissions: ['user:read', 'user:write'] });
    await vault.post('/users', { email: 'inviter@example.org', roles: ['inviter'], password });
    const token = await vault.signIn({ email: 'inviter@example.org', password });
    const headers = { 'idempotency-key': 'too-much' };
    const refused = await vault.post('/users', { email: 'more@example.org', roles: ['admin'] }, { token, headers });
    expect(refused.status).toBe(403);
    const { body } = await vault.get<{ items: { result: string; reason: string }[] }>(
      '/audit/events?result=denied&limit=100',
    );
    expect(body.items.map(({ reason }) => reason)).toContain('nobody gives or takes what they do not have themselves');
  });

  it('is refused when the key is no key', async () => {
    expect((await create('x'.repeat(300), 'long')).body.code).toBe('IDEMPOTENCY_KEY_MALFORMED');
  });
});
