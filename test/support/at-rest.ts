// Everything a vault has put anywhere, as bytes to search through: its folder, a dump of its database, its objects in
// S3, its log.
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Vault } from './vault.ts';

export interface AtRest {
  name: string;
  bytes: Buffer;
}

export async function dumpOf(vault: Vault): Promise<AtRest[]> {
  const { dataDir, databaseUrl, env } = vault.backing;
  const files = globSync('**/*', { cwd: dataDir })
    .filter((name) => statSync(join(dataDir, name)).isFile())
    .map((name) => ({ name, bytes: readFileSync(join(dataDir, name)) }));
  const log = [...vault.log.map((line) => JSON.stringify(line)), ...vault.noise].join('\n');
  const all: AtRest[] = [...files, { name: 'log', bytes: Buffer.from(log) }];
  if (databaseUrl) all.push({ name: 'pg_dump', bytes: dump(databaseUrl) });
  if (env['VAULT__STORAGE__S3__BUCKET']) all.push(...(await objects(env)));
  return all;
}

/** As a superuser: row-level security would hide the rows from the owner. */
function dump(databaseUrl: string): Buffer {
  const url = new URL(process.env['TEST_DATABASE_SUPERUSER_URL'] ?? databaseUrl);
  url.pathname = new URL(databaseUrl).pathname;
  return execFileSync('pg_dump', [url.href], { maxBuffer: 2 ** 30 });
}

async function objects(env: Record<string, string>): Promise<AtRest[]> {
  const client = new S3Client({
    endpoint: env['VAULT__STORAGE__S3__ENDPOINT'],
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const Bucket = env['VAULT__STORAGE__S3__BUCKET'];
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket, Prefix: env['VAULT__STORAGE__S3__PREFIX'] }),
  );
  const found: AtRest[] = [];
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    found.push({ name: `s3 ${Key}`, bytes: Buffer.from(await Body!.transformToByteArray()) });
  }
  client.destroy();
  return found;
}
