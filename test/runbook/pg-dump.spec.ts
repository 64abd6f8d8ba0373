// The dump for those whose tools want one, run for real, with a folder in place of the bucket.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../../scripts/services/postgres.ts';
import { stopAll } from '../../scripts/services/processes.ts';
import { startVault } from '../support/vault.ts';
import { serviceBacking } from '../support/backing.ts';

/** `aws s3 cp|mv|rm` on the folder BUCKET. */
const AWS = `#!/bin/bash
set -e
words=(); while [ $# -gt 0 ]; do case "$1" in --sse) shift ;; --*) ;; *) words+=("\${1/#s3:\\/\\//$BUCKET/}") ;; esac; shift; done
case "\${words[1]}" in
  rm) rm -f "\${words[2]}" ;;
  mv) mv "\${words[2]}" "\${words[3]}" ;;
  cp) if [ "\${words[2]}" = - ]; then cat > "\${words[3]}"; else cat "\${words[2]}"; fi ;;
esac
`;

describe('T12, T14 and RB-S4 the dump', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pg-dump-'));
  const bucket = join(dir, 'backups');
  const tools = dirname(globSync('/usr/lib/postgresql/*/bin/pg_dump').toSorted().at(-1)!);
  const PATH = `${join(dir, 'bin')}:${tools}:${process.env['PATH']}`;
  const file = (name: string): string => join(bucket, 'pg-dump', name);
  const kept = (): string[] => readdirSync(join(bucket, 'pg-dump'));
  let url = '';
  let superUrl = '';

  beforeAll(async () => {
    chmodSync(dir, 0o755);
    const facts = await startPostgres(join(dir, 'postgres'));
    superUrl = facts['TEST_DATABASE_SUPERUSER_URL']!;
    await sql(superUrl, 'ALTER ROLE vault CREATEROLE');
    // The dump needs no Redis, and the vault goes on without.
    const backing = await serviceBacking({ ...facts, TEST_REDIS_URL: 'redis://127.0.0.1:1' });
    url = backing.databaseUrl!;
    const vault = await startVault({ on: backing });
    await vault.post('/datasets', { name: 'Kept' });
    await vault.stop();
    mkdirSync(join(dir, 'bin'));
    mkdirSync(join(bucket, 'pg-dump'), { recursive: true });
    writeFileSync(join(dir, 'bin', 'aws'), AWS, { mode: 0o755 });
  });
  afterAll(async () => {
    await stopAll(dir);
    rmSync(dir, { recursive: true, force: true });
  });

  async function sql(at: string, text: string): Promise<object[]> {
    const client = new Client({ connectionString: at });
    await client.connect();
    try {
      return (await client.query<object>(text)).rows;
    } finally {
      await client.end();
    }
  }

  function dump(of: string): { status: number | null; out: string } {
    const urlFile = join(dir, 'url');
    writeFileSync(urlFile, of);
    const env = { PATH, BUCKET: dir, TO: 's3://backups/pg-dump', SSE: 'aws:kms', DATABASE_URL_FILE: urlFile };
    const run = spawnSync('bash', [resolve('deploy/kubernetes/optional/pg-dump/dump.sh')], { env, encoding: 'utf8' });
    return { status: run.status, out: run.stdout + run.stderr };
  }

  it('RB-B1 and RB-B2 reads every row past row-level security, as the owner, and goes into an empty database by psql', async () => {
    const { status, out } = dump(url);
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(/^\d+ tables in s3:\/\/backups\/pg-dump\/vault-\d{8}\.sql\.gz\n$/),
    ]);
    const [name] = kept();
    await sql(superUrl, 'CREATE DATABASE again');
    const again = superUrl.replace(/\/[^/]*$/, '/again');
    const restored = spawnSync(
      'bash',
      [
        '-o',
        'pipefail',
        '-c',
        'gunzip -c "$0" | psql -q -v ON_ERROR_STOP=1 --single-transaction "$1"',
        file(name!),
        again,
      ],
      { env: { PATH }, encoding: 'utf8' },
    );
    expect(restored.status).toBe(0);
    expect(await sql(again, 'SELECT name FROM datasets')).toEqual([{ name: 'Kept' }]);
  });

  it('that broke off is not taken for one', () => {
    const half = join(dir, 'bin', 'pg_dump');
    writeFileSync(half, `#!/bin/bash\n"${tools}/pg_dump" "$@" | head -n 40\n`, { mode: 0o755 });
    rmSync(file(kept()[0]!));
    const { status, out } = dump(url);
    rmSync(half);
    expect([status !== 0, out, kept()]).toEqual([true, '', []]);
  });

  it('that fails half way leaves nothing that looks like one', () => {
    const before = kept();
    const { status } = dump(url.replace(/\/[^/]*$/, '/nowhere'));
    expect([status !== 0, kept()]).toEqual([true, before]);
    expect(existsSync(join(bucket, 'pg-dump'))).toBe(true);
  });
});
