// Before the end-to-end suites: one embedded vault is started and stopped, or one database on PostgreSQL migrated, and
// every suite starts from a copy of it.
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedBacking, onServices, serviceBacking } from './backing.ts';
import { startVault } from './vault.ts';

export default async function makeTemplate(): Promise<void> {
  if (onServices) {
    const { databaseUrl } = await serviceBacking(process.env);
    process.env['VAULT_TEST_TEMPLATE_DATABASE'] = new URL(databaseUrl!).pathname.slice(1);
    return;
  }
  const template = join(tmpdir(), `vault-template-of-${builtHash()}`);
  if (!existsSync(template)) await startAndStop(template);
  process.env['VAULT_TEST_TEMPLATE'] = template;
}

/** Making an embedded database takes most of a quarter of a minute: one serves as long as the server is the same. */
function builtHash(): string {
  const hash = createHash('sha256').update(process.version).update(readFileSync('package-lock.json'));
  for (const file of globSync('dist/**/*.js').sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

async function startAndStop(template: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vault-template-'));
  const on = { ...embeddedBacking(''), env: { VAULT__DATA_DIR: dataDir }, dataDir };
  const vault = await startVault({ on });
  await vault.stop();
  try {
    renameSync(dataDir, template);
  } catch {
    // Another run was as fast, and has made the same.
    rmSync(dataDir, { recursive: true });
  }
}
