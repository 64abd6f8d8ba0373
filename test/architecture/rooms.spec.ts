import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

const REPOSITORY = resolve(__dirname, '../..');
const ROOMS = ['auth', 'config', 'crypto', 'database', 'datasets', 'kernel', 'queue', 'storage'];
const PACKAGES = [
  'typeorm',
  'pg',
  'ioredis',
  '@aws-sdk/client-s3',
  'fastify',
  '@nestjs/swagger',
  'pg-boss',
  'prom-client',
  '@nestjs/terminus',
  '@nestjs/throttler',
  'smol-toml',
];

/** Files of a small repository of the same shape; `planted` names what is wrong with it, by rule. */
function violations(files: Record<string, string>): Violation[] {
  const root = mkdtempSync(join(tmpdir(), 'vault-rooms-'));
  try {
    for (const [path, text] of Object.entries({ ...scaffold(), ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const config = join(REPOSITORY, '.dependency-cruiser.cjs');
    const bin = join(REPOSITORY, 'node_modules/.bin/depcruise');
    const run = spawnSync(process.execPath, [bin, '--config', config, '--output-type', 'json', 'libs', 'apps'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (!run.stdout.startsWith('{')) throw new Error(run.stderr);
    const { summary } = JSON.parse(run.stdout) as { summary: { violations: Violation[] } };
    return summary.violations;
  } finally {
    rmSync(root, { recursive: true });
  }
}

function scaffold(): Record<string, string> {
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0']));
  const imports = { '#*': { source: './libs/*/src/index.ts', default: './dist/libs/*/src/index.js' } };
  return {
    'package.json': JSON.stringify({
      name: 'planted',
      type: 'module',
      imports,
      dependencies,
      devDependencies: { jest: '1.0.0' },
    }),
    ...Object.fromEntries(
      [...PACKAGES, 'jest'].flatMap((name) => [
        [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
        [`node_modules/${name}/index.js`, ''],
      ]),
    ),
    ...Object.fromEntries(ROOMS.map((room) => [`libs/${room}/src/index.ts`, `export const ${room} = 1;\n`])),
    'apps/server/src/main.ts': ROOMS.map((room) => `import '#${room}';\n`).join(''),
    'apps/other/src/main.ts': '',
    'libs/storage/src/blob.repository.ts': 'export class BlobRepository {}\n',
    'libs/storage/src/adapters/fs.blob-store.ts': 'export class FsBlobStore {}\n',
    'libs/storage/src/http/storage.controller.ts': 'export class StorageController {}\n',
    'libs/storage/src/storage.module.ts':
      "import './adapters/fs.blob-store.ts';\nimport './http/storage.controller.ts';\nimport './blob.repository.ts';\n",
    'libs/storage/src/index.ts': "import './storage.module.ts';\n",
  };
}

/** Rule, file it is planted in, what the file says. */
const PLANTED: [string, string, string][] = [
  ['kernel-imports-downhill', 'libs/kernel/src/a.ts', "import '#config';"],
  ['crypto-imports-downhill', 'libs/crypto/src/a.ts', "import '#storage';"],
  ['storage-imports-downhill', 'libs/storage/src/a.ts', "import type { x } from '#database';"],
  ['ldv-imports-downhill', 'apps/ldv/src/a.ts', "import '#storage';"],
  ['queue-imports-downhill', 'libs/queue/src/a.ts', "import '#auth';"],
  ['database-imports-downhill', 'libs/database/src/a.ts', "import '#config';"],
  ['metrics-imports-downhill', 'libs/metrics/src/a.ts', "import '#database';"],
  ['throttling-imports-downhill', 'libs/throttling/src/a.ts', "import '#auth';"],
  ['health-imports-downhill', 'libs/health/src/a.ts', "import '#queue';"],
  ['datasets-imports-downhill', 'libs/datasets/src/a.ts', "export const late = () => import('#config');"],
  ['room-has-a-row', 'libs/attic/src/a.ts', "import '#kernel';"],
  ['rooms-by-the-door', 'libs/datasets/src/b.ts', "import '../../storage/src/blob.repository.ts';"],
  ['rooms-by-the-door-from-outside', 'apps/server/src/a.ts', "import '../../../libs/storage/src/blob.repository.ts';"],
  ['not-out-by-the-own-door', 'libs/auth/src/b.ts', "import '#auth';"],
  ['apps-are-imported-by-nobody', 'libs/auth/src/c.ts', "import '../../../apps/other/src/main.ts';"],
  ['apps-do-not-know-each-other', 'apps/server/src/b.ts', "import '../../other/src/main.ts';"],
  ['only-the-module-imports-http', 'libs/storage/src/b.ts', "import './http/storage.controller.ts';"],
  ['controllers-hand-over', 'libs/storage/src/http/b.controller.ts', "import '../blob.repository.ts';"],
  ['adapters-are-chosen-in-one-place', 'libs/storage/src/c.ts', "import './adapters/fs.blob-store.ts';"],
  ['typeorm-is-kept-in-its-place', 'libs/queue/src/b.ts', "import 'typeorm';"],
  ['pg-is-kept-in-its-place', 'libs/audit/src/b.ts', "import 'pg';"],
  ['ioredis-is-kept-in-its-place', 'libs/throttling/src/b.ts', "import type { Redis } from 'ioredis';"],
  ['ioredis-is-kept-in-its-place', 'libs/storage/src/d.ts', "import '@aws-sdk/client-s3';"],
  ['fastify-is-kept-in-its-place', 'libs/datasets/src/c.ts', "import 'fastify';"],
  ['fastify-is-kept-in-its-place', 'libs/datasets/src/d.ts', "import '@nestjs/swagger';"],
  ['pg-boss-is-kept-in-its-place', 'libs/datasets/src/e.ts', "import 'pg-boss';"],
  ['prom-client-is-kept-in-its-place', 'libs/auth/src/d.ts', "import 'prom-client';"],
  ['nestjs-terminus-is-kept-in-its-place', 'apps/server/src/d.ts', "import '@nestjs/terminus';"],
  ['nestjs-throttler-is-kept-in-its-place', 'libs/auth/src/e.ts', "import '@nestjs/throttler';"],
  ['smol-toml-is-kept-in-its-place', 'apps/server/src/c.ts', "import 'smol-toml';"],
  ['kernel-imports-no-package', 'libs/kernel/src/b.ts', "import 'typeorm';"],
  ['kernel-does-no-io', 'libs/kernel/src/c.ts', "import 'node:fs';"],
  ['no-circles', 'libs/crypto/src/b.ts', "import './b2.ts';"],
  ['no-orphans', 'libs/crypto/src/c.ts', 'export const forgotten = 1;'],
  ['no-drawers', 'libs/crypto/src/d.ts', "import './utils.ts';"],
  ['no-test-code-in-the-product', 'libs/crypto/src/e.ts', "import './e.spec.ts';"],
  ['no-development-packages-in-the-product', 'libs/crypto/src/f.ts', "import 'jest';"],
  ['everything-resolves', 'libs/crypto/src/g.ts', "import '#cellar';"],
];

describe('the map of the rooms', () => {
  it('lets pass what keeps to it', () => {
    expect(
      violations({
        'libs/datasets/src/index.ts': "import '#storage';\nimport './dataset.repository.ts';\n",
        'libs/datasets/src/dataset.repository.ts': "import 'typeorm';\n",
        'libs/storage/src/adapters/fs.blob-store.ts': "import '@aws-sdk/client-s3';\nimport '#kernel';\n",
        'libs/storage/src/http/storage.controller.ts': "import '@nestjs/swagger';\n",
      }),
    ).toEqual([]);
  });

  describe('a planted violation', () => {
    let found: Violation[];
    beforeAll(() => {
      const files = Object.fromEntries(PLANTED.map(([, path, text]) => [path, `${text}\n`]));
      found = violations({
        ...files,
        'libs/crypto/src/b2.ts': "import './b.ts';\n",
        'libs/crypto/src/utils.ts': 'export const u = 1;\n',
        'libs/crypto/src/e.spec.ts': 'export const e = 1;\n',
      });
    });

    it.each(PLANTED)('of %s in %s is reported', (rule, path) => {
      expect(found.filter(({ from }) => from === path).map((violation) => violation.rule.name)).toContain(rule);
    });
  });

  it('has a planted violation for each of its rules', () => {
    // Rules made from a table are one mechanism; a few of their rows are planted.
    const { forbidden } = require(join(REPOSITORY, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] };
    const single = forbidden
      .map(({ name }) => name)
      .filter((name) => !/-imports-downhill$|-is-kept-in-its-place$/.test(name));
    const planted = new Set(PLANTED.map(([rule]) => rule));
    expect(single.filter((name) => !planted.has(name))).toEqual([]);
  });
});
