// What the runbook counts on in every server: its health, its log, and how it says no.
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { ADMIN, environment, type LogLine, MAIN, startVault, type Vault } from '../support/vault.ts';

const CARD = ['4111', '1111', '1111', '1111'].join(' ');
const SECRET = ['s', 'hort'].join('');

let vault: Vault;
beforeAll(async () => {
  vault = await startVault({ env: { VAULT__TELEMETRY__LOG_LEVEL: 'debug' } });
});
afterAll(() => vault.remove());

describe('health', () => {
  it.each([
    ['RB-H1', '/health', { status: 'healthy' }],
    ['RB-H2', '/health/live', { status: 'ok' }],
    ['RB-H3', '/health/ready', { status: 'ready' }],
  ])('%s answers %s to everyone, exactly', async (_row, path, body) => {
    const answer = await vault.get(path, { token: null });
    expect([answer.status, answer.body]).toEqual([200, body]);
  });

  it('RB-H4 and RB-C7 tells of each part, and of maintenance, without a name or an address', async () => {
    const { body, text } = await vault.get('/health/detailed', { token: null });
    expect(body).toMatchObject({
      status: 'healthy',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      maintenance: false,
      components: {
        database: { status: 'healthy', latency_ms: expect.any(Number) },
        redis: { status: 'healthy', latency_ms: expect.any(Number) },
        storage: { status: 'healthy' },
        auth: { jwt_key_id: expect.any(String) },
        clock: { skew_ms: expect.any(Number) },
        migrations: { pending: 0 },
      },
    });
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|postgres|s3:/);
  });
});

describe('T20 what stands in for programs in the image without a shell', () => {
  const small = (name: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [`deploy/bin-distroless/${name}`, ...args], { encoding: 'utf8' });

  it('asks the server as curl does', () => {
    expect(small('curl', '-s', `${vault.url}/health/ready`).stdout).toBe('{"status":"ready"}');
    const code = ['-s', '-o', '/dev/null', '-w', '%{http_code}\\n', `${vault.url}/api/v1/datasets`];
    expect(small('curl', ...code).stdout).toBe('401\n');
    expect(small('curl', '-fsS', `${vault.url}/api/v1/datasets`)).toMatchObject({ status: 22, stdout: '' });
    const login = ['-X', 'POST', '-H', 'Content-Type: application/json', '-d', JSON.stringify(ADMIN)];
    expect(small('curl', '-s', ...login, `${vault.url}/api/v1/auth/login`).stdout).toContain('"access_token"');
    expect(small('curl', '-sS', 'http://127.0.0.1:9')).toMatchObject({
      status: 7,
      stderr: expect.stringContaining('(7)'),
    });
    expect(small('curl', '--proxy', 'x', vault.url).status).toBe(2);
  });

  it('tells the time and the environment, and waits', () => {
    expect(small('date', '-u').stdout).toMatch(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC 20\d\d\n$/);
    expect(Number(small('date', '+%s').stdout) * 1000).toBeLessThanOrEqual(Date.now());
    expect(small('env').stdout).toContain('PATH=');
    expect([small('sleep', '0.1').status, small('sleep', 'long').status]).toEqual([0, 1]);
  });
});

describe('signing in', () => {
  it('RB-C4 refuses an unknown user with 401, and asks for no rules of passwords', async () => {
    const who = { email: 'test@example.org', password: 'test' };
    const { status, body } = await vault.post('/auth/login', who, { token: null });
    expect([status, body['code']]).toEqual([401, 'UNAUTHORIZED']);
  });

  it('RB-C5 lists datasets with a token, and says 401 without', async () => {
    expect((await vault.get('/datasets')).status).toBe(200);
    expect((await vault.get('/datasets', { token: null })).status).toBe(401);
  });

  it('RB-C3 does not start with a secret of less than 32 characters, and says so in one line', () => {
    const env = { ...environment(vault.backing), VAULT__JWT_SECRET: SECRET };
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'serve'], { env, encoding: 'utf8' });
    const lines = `${stdout}${stderr}`
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LogLine);
    expect(status).toBe(1);
    expect(lines).toEqual([expect.objectContaining({ level: 'error', setting: 'VAULT__JWT_SECRET' })]);
  });
});

describe('detection', () => {
  it('RB-C10 is done in the process itself, which answers others meanwhile', async () => {
    const texts = Array.from({ length: 100 }, (_, n) =>
      `Call Jane Roe on +1 202 555 0143 about ${CARD}, case ${n}. `.repeat(100),
    );
    let isDone = false;
    const detecting = vault.post<{ results: unknown[] }>('/pii/detect', { texts }).finally(() => (isDone = true));
    let answered = 0;
    for (; !isDone; answered += 1) expect((await vault.get('/health/live', { token: null })).status).toBe(200);
    expect([(await detecting).status, answered > 1]).toEqual([200, true]);
  });
});

describe('the log', () => {
  it('RB-L4 says of every sign-in whether it was let in', async () => {
    await vault.post('/auth/login', { email: 'test@example.org', password: 'test' }, { token: null });
    const line = await vault.logged(
      ({ event_type: type, result }) => type === 'authentication' && result !== 'success',
    );
    expect(line).toMatchObject({ method: expect.any(String), ip: expect.any(String), request_id: expect.any(String) });
  });

  it('RB-L5 says of every request that lacked a permission what was wanted', async () => {
    const { body } = await vault.post<{ key: string }>('/api-keys', { name: 'reader', scopes: ['dataset:read'] });
    expect((await vault.post('/datasets', { name: 'no' }, { token: body.key })).status).toBe(403);
    const line = await vault.logged(({ event_type: type, result }) => type === 'authorization' && result === 'denied');
    expect(line).toMatchObject({ action: expect.any(String), reason: expect.anything() });
  });

  it('RB-L7 holds nothing of what was sent, wherever it was put', async () => {
    const planted = encodeURIComponent(CARD);
    await vault.get(`/datasets?cursor=${planted}`, { headers: { 'x-note': CARD } });
    await vault.post('/datasets', { name: 7, [CARD]: CARD });
    await vault.get(`/${planted}`);
    await vault.post('/pii/detect', { text: `card ${CARD}` });
    await delay(300);
    const text = JSON.stringify(vault.log);
    for (const told of [CARD, planted, CARD.replaceAll(' ', '')])
      expect([told, text.includes(told)]).toEqual([told, false]);
    expect(text).not.toContain(vault.token);
  });

  it('RB-L1, RB-L2 and RB-L3 is JSON in every line, with a level in words and short errors', () => {
    expect(vault.noise).toEqual([]);
    expect(vault.log.length).toBeGreaterThan(10);
    const wrong = vault.log.filter(({ level, error }) => {
      const named = ['debug', 'info', 'warn', 'error'].includes(level);
      return !named || (error !== undefined && !(typeof error === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error)));
    });
    expect(wrong).toEqual([]);
  });
});
