import { timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { checkRootKey } from '#auth';
import type { KeyManagement } from '#crypto';
import { DataDirInUse } from '#database';
import { keyringPath, openKeyManagement, openOwner } from '../platform.ts';
import { type Examine, type Finding, findingsOn, type Ground, reasonOf } from './finding.ts';

const { fine, warning, wrong } = findingsOn('kms');
const CONTEXT = { use: 'self-test' };

/** Whether the root keys are here, work, and are those that this vault was sealed with. */
export const examineKeys: Examine = async (ground) => {
  const { settings } = ground.loaded;
  const made = Boolean(settings.encryption.master_key) || existsSync(keyringPath(settings));
  if (!made && !settings.database.url) return [fine('there is no root key yet: the first start makes one')];
  try {
    const kms = await openKeyManagement(settings, ground.log);
    const key = new Uint8Array(32).fill(7);
    const back = await kms.unwrap(await kms.wrap(key, CONTEXT), CONTEXT);
    if (!timingSafeEqual(key, back))
      return [wrong('what was wrapped does not come back', 'check the memory of this machine')];
    const says = `root key ${kms.currentKeyId()} wraps and unwraps; here are ${kms.keyIds().length}`;
    return [fine(says), ...(await isTheRightOne(ground, kms))];
  } catch (error) {
    return [wrong(reasonOf(error), 'put back the keyring file or VAULT__ENCRYPTION__MASTER_KEY')];
  }
};

async function isTheRightOne({ loaded, log }: Ground, kms: KeyManagement): Promise<Finding[]> {
  try {
    const opened = await openOwner(loaded.settings, log);
    try {
      await checkRootKey(await opened.ready(), kms);
      return [fine('it is the root key that this vault was sealed with')];
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof DataDirInUse) return [fine('a running server uses it')];
    const isWrong = error instanceof Error && 'code' in error && error.code === 'wrong-root-key';
    if (isWrong) return [wrong(reasonOf(error), 'put back the root key of that name, before the others or after')];
    return [warning(`not compared with the database: ${reasonOf(error)}`, 'vault-server doctor db migrations')];
  }
}
