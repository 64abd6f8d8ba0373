import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { accountOf, daemon, type Daemon, type Facts, freePort, run, until } from './processes.ts';

/** PostgreSQL 15 or newer with a database `vault` that belongs to the plain role `vault`, as in production. */
export async function startPostgres(dir: string): Promise<Facts> {
  const { account } = postgresServer(dir);
  const [password, superPassword] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
  const port = await freePort();

  mkdirSync(dir, { recursive: true });
  const passwordFile = join(dir, 'password');
  writeFileSync(passwordFile, superPassword, { mode: 0o600 });
  if (account) for (const path of [dir, passwordFile]) chownSync(path, account.uid, account.gid);
  const data = join(dir, 'data');
  const authentication = ['--auth=scram-sha-256', '--username=postgres', `--pwfile=${passwordFile}`];
  const format = ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  await run(join(binaries(), 'initdb'), ['-D', data, ...authentication, ...format], { account });
  appendFileSync(
    join(data, 'postgresql.conf'),
    `listen_addresses='127.0.0.1'\nport=${port}\nunix_socket_directories=''\nmax_connections=200\n`,
  );

  const what = postgresServer(dir);
  const child = daemon(what);
  const url = (user: string, secret: string, database: string): string =>
    `postgres://${user}:${secret}@127.0.0.1:${port}/${database}`;
  await until(what, child, 30, async () => {
    await query(url('postgres', superPassword, 'postgres'), 'SELECT 1');
    return true;
  });
  // Row-level security does not bind superusers, so tests must run as a role like the one in production.
  await query(
    url('postgres', superPassword, 'postgres'),
    `CREATE ROLE vault LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD '${password}'`,
    'CREATE DATABASE vault OWNER vault',
  );
  return {
    TEST_DATABASE_URL: url('vault', password, 'vault'),
    TEST_DATABASE_SUPERUSER_URL: url('postgres', superPassword, 'vault'),
    TEST_DATABASE_PID: String(child.pid),
  };
}

/** The server of a folder that `startPostgres` has filled, to be started again. */
export function postgresServer(dir: string): Daemon {
  const command = join(binaries(), 'postgres');
  return { dir, name: 'postgres', command, args: ['-D', join(dir, 'data')], account: accountOf('postgres') };
}

function binaries(): string {
  const bin = globSync('/usr/lib/postgresql/*/bin').toSorted(byVersion).at(-1);
  if (!bin) throw new Error('PostgreSQL is not installed: run scripts/install-services.sh');
  return bin;
}

async function query(connectionString: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function byVersion(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
