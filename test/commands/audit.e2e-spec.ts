// The audit by the commands of the server, beside it or in its place.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onServices } from '../support/backing.ts';
import { command, type Ran } from '../support/commands.ts';
import { startVault, type Vault } from '../support/vault.ts';

const LDV = resolve('dist/bundle/ldv.js');

/** As on a laptop, where there is no server. */
function verifiedAway(file: string, key: string): number | null {
  return spawnSync(process.execPath, [LDV, 'audit', 'verify', file, '--key', key]).status;
}

describe('the audit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vault-audit-'));
  const [file, pem] = [join(folder, 'command.jsonl'), join(folder, 'command.pem')];
  let vault: Vault;
  const audit = (...args: string[]): Ran<Record<string, unknown>> => command(vault.backing, ['audit', ...args]);
  beforeAll(async () => {
    vault = await startVault({ env: { VAULT__AUDIT__CHECKPOINT_SECONDS: '1' } });
    await vault.newDataset();
    await vault.get('/audit/events');
    await vault.until<{ entries: number }>('/audit/verify', ({ body }) => body.entries > 3);
    // The embedded database takes one process at a time.
    if (!onServices) await vault.stop();
    writeFileSync(pem, audit('keys').stdout);
  });
  afterAll(async () => {
    await vault.remove();
    rmSync(folder, { recursive: true });
  });

  it('is verified by a command', () => {
    const { status, json } = audit('verify', '--json');
    expect([status, json]).toEqual([0, expect.objectContaining({ ok: true })]);
  });

  it('is exported to a file or to the standard output, which are whole without the server', () => {
    writeFileSync(file, audit('export', '--since', '24h', '--out', '-').stdout);
    expect(verifiedAway(file, pem)).toBe(0);
    expect(audit('export', '--since', '1h', '--out', file).status).toBe(0);
    expect(verifiedAway(file, pem)).toBe(0);
  });

  it('is shown line by line', () => {
    const tail = audit('tail', '--since', '1h', '--json').stdout.trim().split('\n');
    expect(tail.map((line) => (JSON.parse(line) as { action: string }).action)).toContain('dataset.create');
    expect(audit('tail').stdout).toMatch(/ allowed - audit\.read ten_/);
  });

  it('is not exported since a time that is none, or of a tenant that is nobody', () => {
    expect(audit('export', '--since', 'soon').status).not.toBe(0);
    expect(audit('export', '--tenant', 'nobody').status).toBe(1);
  });
});
