import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { MAIN } from '../support/vault.ts';

function run(args: string[], env: Record<string, string> = {}): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
  });
  return { status, stdout };
}

describe('docs/deployment/CONFIGURATION.md', () => {
  it('describes every setting as the program has it; `npm run docs` prints it anew', () => {
    const cells = (text: string): string[] =>
      text.split('\n').map((line) => line.replaceAll(/ {2,}|-{3,}/g, ' ').replaceAll(' ', ''));
    const printed = run(['config', 'describe']).stdout;
    expect(cells(readFileSync('docs/deployment/CONFIGURATION.md', 'utf8').trim())).toEqual(cells(printed.trim()));
  });
});

describe('vault-server config', () => {
  const SECRET = 'not-to-be-seen-by-anybody-at-all-00';

  it('shows what is set and where it comes from, and no secret', () => {
    const { status, stdout } = run(['config', 'show', '--json'], { VAULT__PORT: '8088', VAULT__JWT_SECRET: SECRET });
    const { settings: shown, drift } = JSON.parse(stdout) as {
      settings: { name: string; value: string | null; source: string }[];
      drift: unknown;
    };
    expect([status, drift]).toEqual([0, null]);
    expect(shown.find(({ name }) => name === 'VAULT__PORT')).toMatchObject({ value: '8088', source: 'environment' });
    expect(shown.find(({ name }) => name === 'VAULT__JWT_SECRET')).toMatchObject({ value: '(set)' });
    expect(stdout).not.toContain(SECRET);
  });

  it('shows the settings also where the cluster cannot be asked whether somebody edited them (T21)', () => {
    const named = { VAULT__MAINTENANCE__CONFIG_MAP: 'vault-config', VAULT__MAINTENANCE__SERVICE_ACCOUNT_DIR: '/none' };
    const { status, stdout } = run(['config', 'show'], named);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^VAULT__PORT=8080 .*\n# ConfigMap vault-config: it cannot be asked for\n$/ms);
  });

  it('says what is wrong, and ends with 1', () => {
    const { status, stdout } = run(['config', 'validate', '--json'], { VAULT__PORT: 'eighty' });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, errors: [{ pointer: 'VAULT__PORT' }] });
  });

  it('finds nothing wrong with what deploy/compose.yaml sets, and misses what that leaves to who starts it', () => {
    const { services } = parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }) as {
      services: Record<'vault' | 'worker', { environment: Record<string, string> }>;
    };
    const said = (environment: Record<string, string>): object =>
      JSON.parse(run(['config', 'validate', '--json'], environment).stdout) as object;
    const secret = randomBytes(32).toString('base64');
    const given = Object.entries(services.vault.environment).map(([name, value]) => [
      name,
      value.replace(/^\$\{.*/, secret),
    ]);
    expect(said(Object.fromEntries(given))).toMatchObject({ valid: true });
    const left = Object.entries(services.worker.environment).filter(([, value]) => !value.startsWith('${'));
    expect(said(Object.fromEntries(left))).toMatchObject({
      valid: false,
      errors: [{ pointer: 'VAULT__JWT_SECRET' }],
    });
  });
});
