import { checkKnownAnswer, type KeyManagement, makeKnownAnswer } from '#crypto';
import type { Database } from '#database';
import { RootKeyCheck } from './root-key-check.entity.ts';

/**
 * Refuses to go on with root keys other than those this vault was sealed with. At the very first start, and when a
 * rotation has put a new key first, that key's known answer is stored.
 *
 * @throws WrongRootKey naming the key that is missing; nothing has been written then
 */
export function checkRootKey(database: Database, kms: KeyManagement): Promise<void> {
  return database.withoutTenant({}, async () => {
    const checks = database.repository(RootKeyCheck);
    const [newest, ...older] = await checks.find({ order: { createdAt: 'DESC' } });
    // A key that was current once may have been retired since; the last one is what everything new is sealed with.
    if (newest) await checkKnownAnswer(kms, newest.answer);
    const keyId = kms.currentKeyId();
    if ([newest, ...older].some((check) => check?.keyId === keyId)) return;
    const answer = Buffer.from(await makeKnownAnswer(kms));
    // Replicas that start at once all come here, and any of their answers will do.
    await checks.createQueryBuilder().insert().values({ keyId, answer }).orIgnore().execute();
  });
}
