// Maintenance: for a while the vault is read and not written, on every replica, and says so.
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { onServices } from '../support/backing.ts';
import { environment, MAIN, startVault, type Vault } from '../support/vault.ts';

interface Maintenance {
  enabled: boolean;
  wanted_by: { source: string; reason: string; by: string | null }[];
}
interface Detailed {
  status: string;
  maintenance: boolean;
  components: { maintenance: object };
}
interface Problem {
  code: string;
}
type Paths = { paths: Record<string, Record<string, object>> };

describe('maintenance', () => {
  let vault: Vault;
  let dataset: string;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset('before');
    await vault.importLines(dataset, '{"text":"one"}\n{"text":"two"}\n');
  });
  afterAll(() => vault.remove());
  afterEach(() => set(false, 'over'));

  const set = (enabled: boolean, reason: string) =>
    vault.ask<Maintenance>('PUT', '/admin/maintenance', { body: { enabled, reason } });

  it('RB-C7: refuses writes with Retry-After, while reads, sign-in and health go on', async () => {
    const begun = await set(true, 'a larger disk');
    expect([begun.status, begun.body]).toMatchObject([
      200,
      {
        enabled: true,
        wanted_by: [{ source: 'operator', reason: 'a larger disk', by: expect.stringMatching(/^usr_/) }],
      },
    ]);
    const refused = await vault.post<Problem>('/datasets', { name: 'during' });
    expect([refused.status, refused.body.code, Number(refused.headers.get('retry-after'))]).toEqual([
      503,
      'MAINTENANCE',
      30,
    ]);
    expect((await vault.importLines<Problem>(dataset, '{"text":"three"}\n')).body.code).toBe('MAINTENANCE');
    expect((await vault.post<Problem>(`/datasets/${dataset}/anonymize`, { name: 'safe' })).body.code).toBe(
      'MAINTENANCE',
    );

    expect((await vault.get(`/datasets/${dataset}/records`)).status).toBe(200);
    expect((await vault.get(`/datasets/${dataset}/export`)).text).toContain('"two"');
    expect((await vault.post('/pii/detect', { text: 'mail ann@example.org' })).status).toBe(200);
    expect(await vault.signIn()).toBeTruthy();
    expect([(await vault.get('/health')).text, (await vault.get('/health/ready')).status]).toEqual([
      '{"status":"healthy"}',
      200,
    ]);
    const { body } = await vault.get<Detailed>('/health/detailed');
    expect(body).toMatchObject({ status: 'healthy', maintenance: true, components: { maintenance: { active: true } } });
    expect(await vault.logged(({ msg }) => msg.startsWith('maintenance begins'))).toMatchObject({
      level: 'warn',
      event_type: 'maintenance',
    });

    expect((await set(false, 'done')).body).toEqual({ enabled: false, wanted_by: [] });
    expect((await vault.post('/datasets', { name: 'after' })).status).toBe(201);
    expect((await vault.get<Detailed>('/health/detailed')).body.maintenance).toBe(false);
    expect(vault.log.filter(({ level, error }) => level === 'error' && error === 'MAINTENANCE')).toEqual([]);
  });

  it('is in the audit with its reason, when it begins and when it ends', async () => {
    await set(true, 'a second disk');
    await set(false, 'the disk is in');
    const { body } = await vault.get<{ items: { action: string; reason: string }[] }>('/audit/events?limit=20');
    const told = body.items.filter(({ action }) => action.startsWith('maintenance.')).slice(0, 2);
    expect(told.map(({ action, reason }) => `${action}: ${reason}`)).toEqual([
      'maintenance.end: the disk is in',
      'maintenance.begin: a second disk',
    ]);
  });

  it('knows every exception as a route there is', async () => {
    const { body } = await vault.get<Paths>('/docs-json');
    const routes = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => [method.toUpperCase(), path] as const),
    );
    await set(true, 'who still gets through?');
    const open: string[] = [];
    for (const [method, path] of routes) {
      if (method === 'GET' || path === '/api/v1/admin/maintenance') continue;
      const answer = await vault.ask<Problem>(method, path.replace('/api/v1', '').replaceAll(/\{[^}]+\}/g, 'x'), {
        headers: { 'content-type': 'application/json' },
        raw: '{"nothing":"known"}',
      });
      if (answer.body.code !== 'MAINTENANCE') open.push(`${method} ${path}`);
      // Whoever has just signed out has to come back for the rest.
      if (answer.status < 300) vault.token = await vault.signIn();
    }
    expect(open.sort()).toEqual([
      'DELETE /api/v1/api-keys/{id}',
      'DELETE /api/v1/auth/sessions',
      'DELETE /api/v1/auth/sessions/{id}',
      'POST /api/v1/admin/sessions/revoke-all',
      'POST /api/v1/auth/login',
      'POST /api/v1/auth/logout',
      'POST /api/v1/auth/refresh',
      'POST /api/v1/auth/second-factor/sign-in',
      'POST /api/v1/auth/token',
      'POST /api/v1/authz/explain',
      'POST /api/v1/pii/anonymize',
      'POST /api/v1/pii/detect',
      'POST /api/v1/users/{id}/lock',
      'POST /api/v1/users/{id}/revoke',
    ]);
  });

  it('is for those who run the vault: administrators and operators of the first tenant', async () => {
    const user = async (role: string): Promise<string> => {
      const who = { email: `${role}@example.org`, password: 'some other phrase of words' };
      await vault.post('/users', { ...who, roles: [role] });
      return vault.signIn(who);
    };
    const status = async (token: string): Promise<number> => (await vault.get('/admin/maintenance', { token })).status;
    expect([await status(await user('operator')), await status(await user('security-engineer'))]).toEqual([200, 403]);
  });

  it('is begun and ended on the command line, beside a server where that is possible', async () => {
    const command = (...args: string[]) => {
      const { status, stdout } = spawnSync(process.execPath, [MAIN, 'maintenance', ...args, '--json'], {
        env: environment(vault.backing),
        encoding: 'utf8',
      });
      return { status, said: status === 0 ? (JSON.parse(stdout) as Maintenance) : null };
    };
    if (!onServices) {
      expect(command('status').status).toBe(1);
      return;
    }
    expect(command('on', '--reason', 'from a shell').said).toMatchObject({ enabled: true });
    const writes = async () => (await vault.post<Problem>('/pii/allowlist', {})).body.code;
    while ((await writes()) !== 'MAINTENANCE') await delay(50);
    expect((await vault.post<Problem>('/datasets', { name: 'during' })).body.code).toBe('MAINTENANCE');
    expect(command('off').said).toEqual({ enabled: false, wanted_by: [] });
  });
});

describe('the effective settings', () => {
  it('are shown with their sources and without secrets', async () => {
    const vault = await startVault();
    try {
      const { body, text } = await vault.get<{ items: { name: string; value: string | null; source: string }[] }>(
        '/admin/config',
      );
      expect(body.items).toContainEqual({ name: 'VAULT__PORT', value: '0', source: 'environment' });
      expect(body.items).toContainEqual({
        name: 'VAULT__BOOTSTRAP__ADMIN_PASSWORD',
        value: '(set)',
        source: 'environment',
      });
      expect(text).not.toContain('five words');
    } finally {
      await vault.remove();
    }
  });
});
