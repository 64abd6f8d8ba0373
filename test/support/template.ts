// Before the end-to-end suites: one embedded vault is started and stopped, and every suite starts from a copy of it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedBacking, onServices } from './backing.ts';
import { startVault } from './vault.ts';

export default async function makeTemplate(): Promise<void> {
  if (onServices) return;
  const template = mkdtempSync(join(tmpdir(), 'vault-template-'));
  const env = { VAULT__DATA_DIR: template };
  const on = { ...embeddedBacking(''), env, dataDir: template };
  const vault = await startVault({ on });
  await vault.stop();
  process.env['VAULT_TEST_TEMPLATE'] = template;
}
