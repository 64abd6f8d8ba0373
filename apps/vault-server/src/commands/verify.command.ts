import { UserRepository } from '#auth';
import { commitFlaw, removalLeaf } from '#datasets';
import { SilentLog } from '#kernel';
import { VaultVerification, type VerificationReport } from '#verification';
import { openPlatform } from '../platform.ts';
import { readSettings } from '../settings.ts';

/** Goes over the whole vault and says whether it is whole; exit code 1 when it is damaged. */
export async function verify({ deep, json }: { deep: boolean; json: boolean }): Promise<number> {
  const platform = await openPlatform(readSettings().settings, new SilentLog());
  try {
    const { database, blobs, keys, auditTrail } = platform;
    const users = new UserRepository(database);
    const verification = new VaultVerification({
      database,
      blobs,
      keys,
      tenants: () => users.tenants(),
      removalLeaf,
      commitFlaw,
      audit: async (tenantId) => auditTrail.verification.verify(tenantId),
    });
    const report = await verification.run({ deep });
    console.log(json ? JSON.stringify(report) : asText(report));
    return report.ok ? 0 : 1;
  } finally {
    await platform.close();
  }
}

function asText(report: VerificationReport): string {
  const { ok, deep, segments, objects, records, commits, audit_entries: entries, damage, orphans } = report;
  const looked = `${records} records in ${commits} commits, ${segments} segments, ${objects} objects, ${entries} audit entries`;
  return [
    `${ok ? 'whole' : 'DAMAGED'}: ${looked}${deep ? '; every object was opened' : ''}`,
    ...damage.map(({ kind, id, detail }) => `  ${kind} ${id}: ${detail}`),
    ...orphans.map((key) => `  orphan ${key}: no row names this object`),
  ].join('\n');
}
