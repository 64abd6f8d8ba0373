// What a vault stands on: a folder of its own, or a fresh database, bucket prefix and Redis on the real services that
// TEST_DATABASE_URL, TEST_S3_ENDPOINT and TEST_REDIS_URL name.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';

export interface Backing {
  env: Record<string, string>;
  dataDir: string;
  /** Url of its own PostgreSQL database, when it has one. */
  databaseUrl: string | null;
  remove(): Promise<void>;
}

const MAIN = resolve('dist/bundle/vault-server.js');

export const onServices = process.env['TEST_DATABASE_URL'] !== undefined;

export function backing(): Promise<Backing> {
  return onServices
    ? serviceBacking(process.env, process.env['VAULT_TEST_TEMPLATE_DATABASE'])
    : Promise.resolve(embeddedBacking());
}

/** A copy of the template that the suite's setup has made, because a new embedded database takes seconds. */
export function embeddedBacking(template = process.env['VAULT_TEST_TEMPLATE']): Backing {
  const dataDir = mkdtempSync(join(tmpdir(), 'vault-data-'));
  if (template) cpSync(template, dataDir, { recursive: true });
  return {
    env: { VAULT__DATA_DIR: dataDir },
    dataDir,
    databaseUrl: null,
    remove: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/**
 * A fresh database on the services that are named as `scripts/services.ts` names them; files where there is no S3.
 *
 * @param template a migrated database there that nobody uses, to be copied; migrated by the command when left out
 */
export async function serviceBacking(services: NodeJS.ProcessEnv, template?: string): Promise<Backing> {
  const required = (name: string): string => {
    const value = services[name];
    if (!value) throw new Error(`${name} is not set: node scripts/services.ts start DIR prints it`);
    return value;
  };
  const dataDir = mkdtempSync(join(tmpdir(), 'vault-data-'));
  const name = `vault_${randomBytes(6).toString('hex')}`;
  const root = required('TEST_DATABASE_SUPERUSER_URL');
  const owner = new URL(required('TEST_DATABASE_URL'));
  await query(root, `CREATE DATABASE ${name} OWNER ${owner.username}${template ? ` TEMPLATE ${template}` : ''}`);
  owner.pathname = `/${name}`;
  const env: Record<string, string> = {
    VAULT__DATA_DIR: dataDir,
    VAULT__DATABASE__URL: owner.href,
    VAULT__JWT_SECRET: randomBytes(32).toString('hex'),
    VAULT__ENCRYPTION__MASTER_KEY: randomBytes(32).toString('base64'),
    VAULT__REDIS__URL: required('TEST_REDIS_URL'),
    ...(services['TEST_S3_ENDPOINT'] && bucketOf(name, required)),
  };
  if (!template) migrate(env);
  return {
    env,
    dataDir,
    databaseUrl: owner.href,
    remove: async () => {
      await query(root, `DROP DATABASE ${name} WITH (FORCE)`);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function migrate(env: Record<string, string>): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'migrate'], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`migrate failed: ${stdout}${stderr}`);
}

function bucketOf(name: string, required: (name: string) => string): Record<string, string> {
  return {
    VAULT__STORAGE__BACKEND: 's3',
    VAULT__STORAGE__S3__ENDPOINT: required('TEST_S3_ENDPOINT'),
    VAULT__STORAGE__S3__BUCKET: required('TEST_S3_BUCKET'),
    VAULT__STORAGE__S3__PREFIX: `${name}/data/`,
    VAULT__AUDIT__ANCHOR_PREFIX: `${name}/audit/`,
    VAULT__AUDIT__EXPORT_PREFIX: `${name}/audit-logs/`,
    AWS_ACCESS_KEY_ID: required('AWS_ACCESS_KEY_ID'),
    AWS_SECRET_ACCESS_KEY: required('AWS_SECRET_ACCESS_KEY'),
  };
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
