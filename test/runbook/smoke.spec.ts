// scripts/smoke-test.sh against a server that works, and against ones that do not.
import { execFile, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { command } from '../support/commands.ts';
import { startVault, type Vault } from '../support/vault.ts';

/** What a key for smoke tests has to be allowed. */
const SCOPES = [
  'dataset:delete',
  ...['read', 'write', 'import', 'export', 'anonymize'].map((verb) => `dataset:${verb}`),
  'pii:detect',
  'job:read',
];

interface Outcome {
  code: number;
  out: string;
}

function smoke(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const path = process.env['PATH'] ?? '';
  return new Promise((done) =>
    execFile('scripts/smoke-test.sh', args, { env: { PATH: path, ...env } }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, out: `${stdout}${stderr}` }),
    ),
  );
}

describe('RB-C1 scripts/smoke-test.sh', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  it('asks the health checks when it has no credential', async () => {
    const { code, out } = await smoke(['--url', vault.url]);
    expect([code, out]).toEqual([0, expect.stringContaining('5 passed, 0 failed')]);
  });

  it.each([
    ['an access token', async () => ({ VAULT_TOKEN: vault.token })],
    [
      'an API key',
      async () => {
        const { body } = await vault.post<{ key: string }>('/api-keys', { name: 'smoke test', scopes: SCOPES });
        return { VAULT_API_KEY: body.key };
      },
    ],
  ])('takes a dataset all the way with %s, and says it as JSON', async (_name, credential) => {
    const { code, out } = await smoke(['--url', vault.url, '--json'], await credential());
    const { failed, checks } = JSON.parse(out) as { failed: number; checks: { check: string; outcome: string }[] };
    expect([code, failed, checks.filter(({ outcome }) => outcome !== 'passed')]).toEqual([0, 0, []]);
    const names = checks.map(({ check }) => check);
    expect(names).toEqual(expect.arrayContaining(['the copy has no personal data left', 'GET /health/detailed']));
    expect(names.length).toBeGreaterThanOrEqual(12);
  });

  it('fails with 1 when a credential is refused, and says at which step', async () => {
    const { code, out } = await smoke(['--url', vault.url], { VAULT_TOKEN: 'no-token' });
    expect(code).toBe(1);
    expect(out).toContain('failed a dataset is made (HTTP 401)');
  });

  it('fails with 2 when nobody answers, and when it is asked for something else', async () => {
    expect((await smoke(['--url', 'http://127.0.0.1:9', '--json'])).code).toBe(2);
    expect(await smoke(['--wrong'])).toMatchObject({ code: 2, out: expect.stringContaining('VAULT_TOKEN') });
  });

  it('does not take a server for well that says nothing but yes', async () => {
    const server = createServer((_request, response) => response.end('{"status":"ok"}'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = (server as Server).address() as { port: number };
    const { code, out } = await smoke(['--url', `http://127.0.0.1:${port}`]);
    server.close();
    expect(code).toBe(1);
    expect(out).toContain('failed GET /health ');
    expect(out).toContain('failed a request without a credential is refused');
  });

  it('RB-C11 leaves a vault that is found whole', async () => {
    await vault.stop();
    expect(command(vault.backing, ['verify', '--deep', '--json']).json).toMatchObject({ ok: true, damage: [] });
  });
});

it.each(['smoke-test', 'scale', 'rotate-jwt'])('scripts/%s.sh is read by the shell without complaint', (name) => {
  expect(spawnSync('bash', ['-n', `scripts/${name}.sh`]).status).toBe(0);
});
