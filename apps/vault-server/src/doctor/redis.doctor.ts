import { setTimeout as delay } from 'node:timers/promises';
import { SystemClock } from '#kernel';
import { openRateLimitStore } from '#throttling';
import { type Examine, findingsOn } from './finding.ts';

const { fine, wrong } = findingsOn('redis');
const PATIENCE_MS = 3000;

/** Whether Redis answers and can be written. */
export const examineRedis: Examine = async ({ loaded: { settings }, log }) => {
  if (!settings.redis.url) return [fine('none is set: each server counts rate limits for itself')];
  const store = openRateLimitStore(settings.redis.url, new SystemClock(), log);
  try {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { status, degraded, latency_ms: ms } = await store.status();
      if (status === 'healthy' && !degraded) return [fine(`Redis answers within ${ms} ms, and takes writes`)];
      if (Date.now() > deadline) break;
      await delay(50);
    }
  } finally {
    await store.close();
  }
  const says = 'Redis does not answer, or cannot be written; each server counts for itself meanwhile';
  return [wrong(says, 'check VAULT__REDIS__URL, then: redis-cli PING')];
};
