// Each setting broken, one at a time: the start ends, names the setting, and never says what was in it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN } from '../support/vault.ts';

const GOOD: Record<string, string> = {
  VAULT__DATABASE__URL: 'postgres://vault:vault@127.0.0.1:1/vault',
  VAULT__JWT_SECRET: 'a secret of more than thirty-two characters',
  VAULT__ENCRYPTION__MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
};
const BROKEN = 'zq-broken-zq';

function start(env: Record<string, string>): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'serve'], {
    env: { PATH: process.env['PATH'] ?? '', VAULT__DATA_DIR: mkdtempSync(join(tmpdir(), 'vault-broken-')), ...env },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, out: stdout + stderr };
}

function without(name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(GOOD).filter(([each]) => each !== name));
}

describe('a broken setting (F57)', () => {
  it.each([
    'VAULT__PORT',
    'VAULT__MAX_BODY_SIZE',
    'VAULT__RATE_LIMIT_RPS',
    'VAULT__DATABASE__URL',
    'VAULT__DATABASE__MAX_CONNECTIONS',
    'VAULT__REDIS__URL',
    'VAULT__STORAGE__BACKEND',
    'VAULT__ENCRYPTION__MASTER_KEY',
    'VAULT__ACCESS_TOKEN_MINUTES',
    'VAULT__TELEMETRY__LOG_LEVEL',
    'VAULT__CORS_ORIGINS',
    'VAULT__TRUSTED_PROXIES',
    'VAULT__PII__MIN_CONFIDENCE',
    'VAULT__JWT_SECRET',
    'VAULT__JWT_SECRTE',
  ])('%s ends the start, by its name and without its value', (name) => {
    const { status, out } = start({ ...without(name), [name]: BROKEN });
    expect([status, out.includes(name), out.includes(BROKEN)]).toEqual([1, true, false]);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toBeDefined();
  });

  it.each(['VAULT__JWT_SECRET', 'VAULT__ENCRYPTION__MASTER_KEY'])('%s left out ends the start, by its name', (name) => {
    const { status, out } = start(without(name));
    expect([status, out.includes(name)]).toEqual([1, true]);
  });
});
