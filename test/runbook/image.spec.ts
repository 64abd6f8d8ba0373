// The image is built as it is released, and run as a cluster would that grants it nothing.
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../scripts/services/processes.ts';
import { Containers, everyImage, hasContainers } from '../support/containers.ts';
import { ADMIN } from '../support/vault.ts';

const MINUTES = 60_000;
const IMAGE = 'localhost/llm-data-vault:test';
const NO_RIGHTS = [
  '--network',
  'host',
  '--read-only',
  '--cap-drop',
  'ALL',
  '--security-opt',
  'no-new-privileges',
  '--tmpfs',
  '/tmp',
];

(hasContainers() ? describe : describe.skip)('the image', () => {
  const containers = new Containers();
  let url = '';

  beforeAll(async () => {
    containers.build(IMAGE);
    url = await started('vault', IMAGE);
  }, 20 * MINUTES);
  afterAll(() => containers.remove(), 2 * MINUTES);

  async function started(name: string, image: string): Promise<string> {
    const port = await freePort();
    const at = `http://127.0.0.1:${port}`;
    const settings = {
      VAULT__PORT: String(port),
      VAULT__TELEMETRY__METRICS_PORT: '0',
      VAULT__BOOTSTRAP__ADMIN_PASSWORD: ADMIN.password,
    };
    const env = Object.entries(settings).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
    const how = ['run', '-d', '--name', name, '--memory', '1g', '--no-healthcheck', ...NO_RIGHTS, ...env, image];
    containers.run('podman', ...how);
    const deadline = Date.now() + 2 * MINUTES;
    const isReady = (): Promise<boolean> =>
      fetch(`${at}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) {
      if (Date.now() > deadline) throw new Error(containers.run('podman', 'logs', name));
      await delay(200);
    }
    return at;
  }

  const inside = (...command: string[]): string => containers.run('podman', 'exec', 'vault', ...command);

  it('has less than 350 MB', () => {
    const size = Number(containers.run('podman', 'image', 'inspect', IMAGE, '--format', '{{.Size}}'));
    expect(size).toBeLessThan(350_000_000);
  });

  it('says what it is, by labels and by a bill of materials', () => {
    const labels = JSON.parse(
      containers.run('podman', 'image', 'inspect', IMAGE, '--format', '{{json .Config.Labels}}'),
    ) as Record<string, string>;
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'LLM Data Vault',
      'org.opencontainers.image.version': '0.1.0',
      'org.opencontainers.image.revision': 'abc',
    });
    const { bomFormat, components } = JSON.parse(inside('cat', '/app/sbom.cdx.json')) as {
      bomFormat: string;
      components: { name: string }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(['fastify', 'pg', 'typeorm']));
    expect(components.map(({ name }) => name)).not.toContain('jest');
  });

  it('RB-X1, RB-X3, RB-X4, RB-X5 and T20 has what the operator runs in it', () => {
    expect(inside('sh', '-c', `curl -s ${url}/health/live`)).toBe('{"status":"ok"}');
    expect(inside('date', '-u')).toMatch(/UTC/);
    expect(inside('env')).toContain('NODE_ENV=production');
    expect(inside('redis-cli', '--version')).toContain('redis-cli');
    expect(inside('ldv', '--help')).toContain('Usage: ldv');
  });

  it('RB-X7 has vault-server on the path, which finds the settings of the container', () => {
    expect(inside('vault-server', '--version').trim()).toBe('0.1.0');
    expect(inside('vault-server', 'config', 'show')).toMatch(/VAULT__PORT=\d+ +# environment/);
  });

  it('runs as nobody, on a file system that it cannot write to', () => {
    expect(inside('id', '-u').trim()).toBe('10001');
    expect(() => inside('touch', '/app/x')).toThrow('Read-only file system');
    expect(() => inside('touch', '/usr/x')).toThrow('Read-only file system');
  });

  it('RB-C9 sizes its heap by the memory it is given', () => {
    expect(inside('sh', '-c', 'cat /proc/*/cmdline | tr "\\0" " "')).toContain('--max-old-space-size=768');
  });

  it('RB-H5 says how it is to be asked for its health, which needs nothing that is not in it', () => {
    const [image] = JSON.parse(containers.run('podman', 'image', 'inspect', IMAGE)) as [Record<string, unknown>];
    const { Test: test } = (image['HealthCheck'] ?? image['Healthcheck']) as { Test: string[] };
    expect(test[0]).toBe('CMD');
    inside(...test.slice(1));
  });

  it('RB-C1 passes the smoke test', async () => {
    const answer = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const env = { PATH: process.env['PATH'], VAULT_TOKEN: token };
    const { status, stdout } = spawnSync('scripts/smoke-test.sh', ['--url', url], { env, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining(' passed, 0 failed')]);
  });

  it('RB-X8 ends when it is told to, after what is under way', () => {
    containers.run('podman', 'stop', '-t', '40', 'vault');
    expect(containers.run('podman', 'inspect', 'vault', '--format', '{{.State.ExitCode}}').trim()).toBe('0');
    expect(containers.run('podman', 'logs', 'vault')).toContain('"msg":"stopped"');
  });

  (everyImage ? describe : describe.skip)('without a shell (T20)', () => {
    const bare = (...command: string[]): string => containers.run('podman', 'exec', 'bare', ...command);
    let at = '';

    beforeAll(async () => {
      containers.build(`${IMAGE}-distroless`, ['--target', 'distroless']);
      at = await started('bare', `${IMAGE}-distroless`);
    }, 10 * MINUTES);

    it('has no shell and no package manager, and less than the other', () => {
      for (const name of ['sh', 'bash', 'apt', 'cat']) expect(() => bare(name)).toThrow(/not found|no such file/i);
      const [one, other] = ['', '-distroless'].map((tag) =>
        Number(containers.run('podman', 'image', 'inspect', `${IMAGE}${tag}`, '--format', '{{.Size}}')),
      );
      expect(other).toBeLessThan(one!);
    });

    it('has what the operator runs all the same', () => {
      expect(bare('curl', '-s', `${at}/health/ready`)).toBe('{"status":"ready"}');
      expect(bare('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', `${at}/api/v1/datasets`)).toBe('401');
      const login = ['-X', 'POST', '-H', 'content-type: application/json', '-d', JSON.stringify(ADMIN)];
      expect(bare('curl', '-fsS', ...login, `${at}/api/v1/auth/login`)).toContain('access_token');
      expect(() => bare('curl', '-f', '-s', `${at}/api/v1/datasets`)).toThrow('ended with 22');
      expect(bare('date', '-u')).toMatch(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC 20\d\d\n$/);
      expect(bare('env')).toContain('NODE_ENV=production');
      expect(() => bare('redis-cli', '-h', '127.0.0.1', '-p', '1', 'PING')).toThrow('ECONNREFUSED');
      bare('sleep', '0');
      expect(bare('vault-server', '--version').trim()).toBe('0.1.0');
      expect(bare('ldv', '--help')).toContain('Usage: ldv');
    });

    it('is asked for its health without a shell, sizes its heap, and ends when it is told to', () => {
      const [image] = JSON.parse(containers.run('podman', 'image', 'inspect', `${IMAGE}-distroless`)) as [
        Record<string, unknown>,
      ];
      const { Test: test } = (image['HealthCheck'] ?? image['Healthcheck']) as { Test: string[] };
      bare(...test.slice(1));
      const heap = 'console.log(require("node:fs").readFileSync("/proc/1/cmdline", "utf8"))';
      expect(bare('node', '-e', heap)).toContain('vault-server');
      containers.run('podman', 'stop', '-t', '40', 'bare');
      expect(containers.run('podman', 'inspect', 'bare', '--format', '{{.State.ExitCode}}').trim()).toBe('0');
    });
  });
});
