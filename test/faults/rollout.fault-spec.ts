// Three servers behind nginx are replaced one after the other, and five begin at once, while others work.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../scripts/services/processes.ts';
import { startVault, type Vault } from '../support/vault.ts';
import { Stage, WHOLE } from './stage.ts';

const SERVERS = 3;
/** Each takes about half a minute: every server waits for the balancer to notice before it stops listening. */
const ROUNDS = Number(process.env['ROLLING_ROUNDS'] ?? 2);
/** As many requests as are asked for: what a starting server takes of the machine is made up for. */
const LOAD = {
  writers: 2,
  readers: 40,
  readsPerSecond: Number(process.env['ROLLING_RPS'] ?? 100),
  madeUpMs: 20_000,
};

/** As deploy/nginx.conf, for servers on this machine. */
function nginxConf(dir: string, port: number, ports: readonly number[]): string {
  return `daemon off; pid ${dir}/pid; error_log ${dir}/error.log; worker_processes 1;
events {}
http {
  access_log off;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
  client_max_body_size 0;
  upstream vault {
    ${ports.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=2s;`).join('\n    ')}
    keepalive 32;
    keepalive_timeout 60s;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://vault;
      proxy_http_version 1.1;
      proxy_set_header Connection '';
      proxy_set_header Host $http_host;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_next_upstream error timeout;
    }
  }
}
`;
}

describe('a rollout', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('of five servers that start at once on an empty database (F54) migrates it once, and all of them begin', async () => {
    await stage.vault.stop();
    await stage.sql('DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS pgboss CASCADE; CREATE SCHEMA public');
    await stage.sql(`GRANT ALL ON SCHEMA public TO ${new URL(stage.backing.databaseUrl!).username}`);
    await Promise.all(Array.from({ length: 5 }, () => stage.command('migrate')));
    const applied = await stage.sql<{ name: string }>('SELECT name FROM schema_migrations');
    expect(new Set(applied.map(({ name }) => name)).size).toBe(applied.length);
    const servers = await Promise.all(Array.from({ length: 5 }, () => startVault({ on: stage.backing })));
    const tenants = await stage.sql('SELECT 1 FROM tenants');
    expect([servers.length, tenants.length]).toEqual([5, 1]);
    await Promise.all(servers.map((server) => server.stop('SIGKILL')));
    await stage.start();
  });

  it(`of three servers behind nginx, ${ROUNDS} times over (F51), fails no request`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'vault-nginx-'));
    const [front, ...ports] = await Promise.all(Array.from({ length: SERVERS + 1 }, () => freePort()));
    const start = (port: number): Promise<Vault> =>
      startVault({
        on: stage.backing,
        env: { VAULT__PORT: String(port), VAULT__TRUSTED_PROXIES: '127.0.0.1' },
      });
    const servers = await Promise.all(ports.map(start));
    writeFileSync(join(dir, 'nginx.conf'), nginxConf(dir, front!, ports));
    const nginx = spawn('nginx', ['-c', join(dir, 'nginx.conf'), '-e', join(dir, 'error.log')], { stdio: 'ignore' });
    const direct = stage.vault.url;
    try {
      stage.vault.url = `http://127.0.0.1:${front}`;
      await delay(1000);
      await stage.vault.until('/health/ready', ({ status }) => status === 200, 10);
      const rounds = async (): Promise<void> => {
        for (let round = 0; round < ROUNDS; round += 1) {
          for (const [at, port] of ports.entries()) {
            expect(await servers[at]!.stop()).toBe(0);
            servers[at] = await start(port);
            await delay(500);
          }
        }
      };
      const report = await stage.under(`rolling restart, ${ROUNDS} times (F51)`, rounds, undefined, LOAD);
      expect(report).toMatchObject({ ...WHOLE, failed: 0 });
    } finally {
      stage.vault.url = direct;
      nginx.kill();
      await Promise.all(servers.map((server) => server.stop('SIGKILL')));
    }
  }, 1_800_000);
});
