import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3Credentials } from './s3.credentials.ts';

describe('credentials for S3', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vault-aws-'));
  const file = join(folder, 'credentials');
  const before = { ...process.env };
  const write = (name: string): void =>
    writeFileSync(file, `[default]\naws_access_key_id = ${name}\naws_secret_access_key = s3cr3t-${name}\n`);
  beforeAll(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(folder, 'none') });
  });
  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  it('from a file are those that are in it now (F44), and are asked for again within a minute', async () => {
    write('FIRST');
    const now = Date.now();
    expect(await s3Credentials(now)).toMatchObject({
      accessKeyId: 'FIRST',
      secretAccessKey: 's3cr3t-FIRST',
      expiration: new Date(now + 360_000),
    });
    write('SECOND');
    expect(await s3Credentials()).toMatchObject({ accessKeyId: 'SECOND' });
  });

  it('of the environment come before those of a file', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'ENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'x' });
    expect(await s3Credentials()).toMatchObject({ accessKeyId: 'ENVIRONMENT' });
  });
});
