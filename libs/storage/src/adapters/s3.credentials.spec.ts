import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Credentials, type S3Identity } from './s3.credentials.ts';

describe('credentials for S3', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vault-aws-'));
  const file = join(folder, 'credentials');
  const before = { ...process.env };
  const write = (name: string): void =>
    writeFileSync(file, `[default]\naws_access_key_id = ${name}\naws_secret_access_key = s3cr3t-${name}\n`);
  let now: number;
  let credentials: S3Credentials;
  beforeAll(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(folder, 'none') });
  });
  beforeEach(() => {
    write('FIRST');
    now = 1_000_000;
    credentials = new S3Credentials(undefined, () => now);
  });
  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true });
  });

  it('from a file are looked at again within a minute (F44), and the SDK is told to ask each time', async () => {
    expect(await credentials.give()).toMatchObject({
      accessKeyId: 'FIRST',
      secretAccessKey: 's3cr3t-FIRST',
      expiration: new Date(now),
    });
    write('SECOND');
    now += 59_000;
    expect(await credentials.give()).toMatchObject({ accessKeyId: 'FIRST' });
    now += 1000;
    expect(await credentials.give()).toMatchObject({ accessKeyId: 'SECOND' });
  });

  it('that are refused are looked at again at once, at most every second', async () => {
    await credentials.give();
    const first = credentials.held;
    now += 1000;
    expect(await credentials.changedSince(first)).toBe(false);
    write('SECOND');
    now += 999;
    expect(await credentials.changedSince(first)).toBe(false);
    now += 1;
    // Many requests are refused at the same time.
    expect(await Promise.all([credentials.changedSince(first), credentials.changedSince(first)])).toEqual([true, true]);
    expect(await credentials.give()).toMatchObject({ accessKeyId: 'SECOND' });
  });

  it('are held on to while there are none to be found', async () => {
    await credentials.give();
    writeFileSync(file, '[default]\naws_access_k');
    now += 60_000;
    expect(await credentials.give()).toMatchObject({ accessKeyId: 'FIRST' });
    write('SECOND');
    now += 1000;
    expect(await credentials.give()).toMatchObject({ accessKeyId: 'SECOND' });
  });

  it('of a service are asked for anew five minutes before they end, and not held longer than they are good', async () => {
    const found: S3Identity[] = [1_600_000, 2_200_000].map((ends) => ({
      accessKeyId: String(ends),
      secretAccessKey: 'x',
      expiration: new Date(ends),
    }));
    const find = async (): Promise<S3Identity> => {
      const next = found.shift();
      if (!next) throw new Error('the service is away');
      return next;
    };
    credentials = new S3Credentials(find, () => now);
    expect(await credentials.give()).toMatchObject({ accessKeyId: '1600000' });
    now = 1_299_999;
    expect(await credentials.give()).toMatchObject({ accessKeyId: '1600000' });
    now = 1_300_000;
    expect(await credentials.give()).toMatchObject({ accessKeyId: '2200000' });
    now = 2_199_999;
    expect(await credentials.give()).toMatchObject({ accessKeyId: '2200000' });
    now = 2_201_000;
    await expect(credentials.give()).rejects.toThrow('away');
  });

  it('of the environment come before those of a file', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'ENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'x' });
    expect(await credentials.give()).toMatchObject({ accessKeyId: 'ENVIRONMENT' });
  });
});
