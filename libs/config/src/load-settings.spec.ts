import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { describeSettings, loadSettings, SettingsInvalid } from './index.ts';

const schema = z.object({
  env: z.string().default('development').describe('Which file is read'),
  port: z.number().int().min(0).max(65_535).default(8080).describe('Where the API listens'),
  cors_origins: z.array(z.string()).default([]).describe('Who may call from a browser'),
  verbose: z.boolean().default(false),
  jwt_secret: z.string().min(32, 'expected at least 32 characters').meta({ secret: true }).describe('Signs tokens'),
  storage: z.object({
    backend: z.enum(['memory', 's3']).default('memory'),
    s3: z.object({ bucket: z.string().min(3).optional(), ports: z.array(z.number()).default([9, 10]) }).prefault({}),
  }),
  oidc: z.object({ issuer: z.string() }).optional(),
});
const SECRET = 'a-secret-that-is-never-shown-anywhere';

let home: string;
let configDir: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vault-config-'));
  configDir = join(home, 'config');
  mkdirSync(configDir);
});
afterEach(() => rmSync(home, { recursive: true }));

const load = (env: Record<string, string>) =>
  loadSettings(schema, { env: { VAULT__JWT_SECRET: SECRET, ...env }, configDir });

function mistakes(env: Record<string, string | undefined>): Record<string, string> {
  try {
    loadSettings(schema, { env: { VAULT__JWT_SECRET: SECRET, ...env }, configDir });
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error;
    for (const { pointer, detail } of error.issues ?? []) expect(error.message).toContain(`${pointer}: ${detail}`);
    return Object.fromEntries((error.issues ?? []).map(({ pointer, detail }) => [pointer, detail]));
  }
  return {};
}

describe('loadSettings', () => {
  it('gives the defaults when nothing but what is required is set', () => {
    expect(load({}).settings).toEqual({
      env: 'development',
      port: 8080,
      cors_origins: [],
      verbose: false,
      jwt_secret: SECRET,
      storage: { backend: 'memory', s3: { ports: [9, 10] } },
    });
  });

  it('puts the environment over the file of the environment over the default file over the defaults', () => {
    writeFileSync(join(configDir, 'default.toml'), 'port = 1\nverbose = true\n[storage.s3]\nbucket = "lower"\n');
    writeFileSync(join(configDir, 'staging.toml'), 'port = 2\n[storage]\ns3.bucket = "upper"\n');
    const { settings, sources } = load({ VAULT__ENV: 'staging', VAULT__PORT: '3' });
    expect(settings).toMatchObject({ port: 3, verbose: true, storage: { backend: 'memory', s3: { bucket: 'upper' } } });
    expect(sources).toMatchObject({
      VAULT__PORT: 'environment',
      VAULT__STORAGE__S3__BUCKET: 'file config/staging.toml',
      VAULT__VERBOSE: 'file config/default.toml',
      VAULT__STORAGE__BACKEND: 'default',
    });
  });

  it('reads a mounted secret and takes one newline off its end', () => {
    writeFileSync(join(home, 'jwt'), `${SECRET}\n\n`);
    const { settings, sources } = loadSettings(schema, {
      env: { VAULT__JWT_SECRET_FILE: join(home, 'jwt') },
      configDir,
    });
    expect(settings.jwt_secret).toBe(`${SECRET}\n`);
    expect(sources['VAULT__JWT_SECRET']).toBe('secret file');
  });

  it('does without a secret file with a hyphen before its path when there is none, and names it when there is', () => {
    const secret = { VAULT__JWT_SECRET: SECRET };
    expect(load({ ...secret, VAULT__STORAGE__S3__BUCKET_FILE: `-${join(home, 'none')}` }).sources).toMatchObject({
      VAULT__STORAGE__S3__BUCKET: 'default',
    });
    writeFileSync(join(home, 'bucket'), 'from-a-file');
    const { settings, files } = load({ ...secret, VAULT__STORAGE__S3__BUCKET_FILE: `-${join(home, 'bucket')}` });
    expect(settings.storage.s3.bucket).toBe('from-a-file');
    expect(files['VAULT__STORAGE__S3__BUCKET']).toBe(join(home, 'bucket'));
    const folder = (): unknown => load({ ...secret, VAULT__STORAGE__S3__BUCKET_FILE: `-${home}` });
    expect(folder).toThrow();
  });

  it('freezes what it gives, through and through', () => {
    const settings = load({}).settings as unknown as { storage: { s3: { ports: number[] } } };
    expect(() => settings.storage.s3.ports.push(1)).toThrow(TypeError);
    expect(() => Object.assign(settings.storage, { backend: 's3' })).toThrow(TypeError);
  });

  it('reads lists, numbers and booleans from text', () => {
    const { settings } = load({
      VAULT__CORS_ORIGINS: 'https://a.example.org, https://b.example.org',
      VAULT__STORAGE__S3__PORTS: '1,2',
      VAULT__VERBOSE: 'true',
    });
    expect(settings.cors_origins).toEqual(['https://a.example.org', 'https://b.example.org']);
    expect(settings.storage.s3.ports).toEqual([1, 2]);
    expect(settings.verbose).toBe(true);
  });

  it.each([
    ['VAULT__PORT', '0x1F'],
    ['VAULT__PORT', '1e3'],
    ['VAULT__PORT', ''],
    ['VAULT__PORT', ' 80'],
    ['VAULT__PORT', '8080.5'],
    ['VAULT__PORT', '65536'],
    ['VAULT__VERBOSE', 'yes'],
    ['VAULT__VERBOSE', 'TRUE'],
    ['VAULT__CORS_ORIGINS', 'a,,b'],
    ['VAULT__STORAGE__S3__PORTS', '1,two'],
    ['VAULT__STORAGE__BACKEND', 'tape'],
    ['VAULT__ENV', '../secrets'],
  ])('refuses %s=%j and says what it expected', (name, value) => {
    expect(mistakes({ [name]: value })).toEqual({ [name]: expect.stringMatching(/expected/) });
  });

  it.each([
    ['VAULT__STORAGE__S3__BUKCET', 'VAULT__STORAGE__S3__BUCKET'],
    ['VAULT__STORAGE_S3_BUCKET', 'VAULT__STORAGE__S3__BUCKET'],
    ['VAULT__PROT', 'VAULT__PORT'],
    ['VAULT__JWT_SECRT_FILE', 'VAULT__JWT_SECRET_FILE'],
    ['vault__port', 'VAULT__PORT'],
  ])('asks of the unknown %s whether %s was meant', (typed, meant) => {
    expect(mistakes({ [typed]: 'x' })).toEqual({ [typed]: `is no setting; did you mean ${meant}?` });
  });

  it('guesses nothing when nothing is near', () => {
    expect(mistakes({ VAULT__TELEPORTATION_BEAM: 'x' })).toEqual({ VAULT__TELEPORTATION_BEAM: 'is no setting' });
  });

  it('reports all mistakes at once, each by the name the operator knows, and no value', () => {
    writeFileSync(
      join(configDir, 'default.toml'),
      'prot = 1\n[storage]\nbackend = "VALUE-1"\n[storage.s3]\nbucket = 7\n',
    );
    writeFileSync(join(home, 'short'), 'VALUE-2');
    const env = {
      VAULT__PORT: 'VALUE-3',
      VAULT__VERBOSE: 'true',
      VAULT__VERBOSE_FILE: '/VALUE-4',
      VAULT__CORS_ORIGINS_FILE: '/VALUE-5',
      VAULT__UNKNOWN_THING: 'VALUE-6',
      VAULT__JWT_SECRET: undefined,
      VAULT__JWT_SECRET_FILE: join(home, 'short'),
    };
    const found = mistakes(env);
    expect(found).toEqual({
      'prot in config/default.toml': 'is no setting; did you mean port?',
      VAULT__STORAGE__BACKEND: 'expected one of "memory"|"s3" (config/default.toml)',
      VAULT__STORAGE__S3__BUCKET: 'expected string, received number (config/default.toml)',
      VAULT__PORT: 'expected a number such as 10 or 0.5',
      VAULT__VERBOSE: 'is given twice, also as VAULT__VERBOSE_FILE',
      VAULT__CORS_ORIGINS_FILE: 'names a file that cannot be read (ENOENT)',
      VAULT__UNKNOWN_THING: 'is no setting',
      VAULT__JWT_SECRET_FILE: 'expected at least 32 characters',
    });
    expect(JSON.stringify(found)).not.toContain('VALUE');
  });

  it('says that a required setting is missing', () => {
    expect(mistakes({ VAULT__JWT_SECRET: undefined })).toEqual({ VAULT__JWT_SECRET: 'is required' });
  });

  it('tells the place of broken TOML and quotes none of it', () => {
    writeFileSync(join(configDir, 'default.toml'), 'port = 1\njwt_secret = "hunter2');
    expect(mistakes({})).toEqual({
      'config/default.toml': expect.stringMatching(/^is not valid TOML at line 2, column \d+$/),
    });
  });

  it('reads the file that default.toml names', () => {
    writeFileSync(join(configDir, 'default.toml'), 'env = "edge"\n');
    writeFileSync(join(configDir, 'edge.toml'), 'port = 9\n');
    expect(load({}).settings.port).toBe(9);
  });

  it('leaves an optional section out until one of its settings is given', () => {
    expect(load({}).settings).not.toHaveProperty('oidc');
    expect(load({ VAULT__OIDC__ISSUER: 'https://id.example.org' }).settings.oidc).toEqual({
      issuer: 'https://id.example.org',
    });
  });
});

describe('describeSettings', () => {
  it('gives a row a setting, and sees secrets and texts through optional and default', () => {
    const rows = describeSettings(
      z.object({
        key: z.string().meta({ secret: true }).describe('Opens all').optional(),
        redis: z.object({ url: z.string().default('redis://localhost').describe('Where') }).prefault({}),
      }),
    );
    expect(rows).toEqual([
      { name: 'VAULT__KEY', default: null, description: 'Opens all', secret: true },
      { name: 'VAULT__REDIS__URL', default: 'redis://localhost', description: 'Where', secret: false },
    ]);
  });
});
