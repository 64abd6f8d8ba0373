import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { accountOf, daemon, type Daemon, type Facts, freePort, until } from './processes.ts';

/** Redis 7 with a password and nothing on disk. */
export async function startRedis(dir: string): Promise<Facts> {
  const what = redisServer(dir);
  const { account } = what;
  const password = randomBytes(12).toString('hex');
  const port = await freePort();

  mkdirSync(dir, { recursive: true });
  // The password is in a file and not an argument, which every user of the machine can read.
  const config = configOf(dir);
  writeFileSync(
    config,
    `bind 127.0.0.1\nport ${port}\nrequirepass ${password}\ndir ${dir}\nsave ""\nappendonly no\nmaxmemory 256mb\nmaxmemory-policy noeviction\n`,
    { mode: 0o600 },
  );
  if (account) for (const path of [dir, config]) chownSync(path, account.uid, account.gid);

  const child = daemon(what);
  const url = `redis://default:${password}@127.0.0.1:${port}`;
  await until(what, child, 15, async () => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    // A refused connection is told twice: by the promise, which we wait for, and by an event that would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.ping()) === 'PONG';
    } finally {
      client.disconnect();
    }
  });
  return { TEST_REDIS_URL: url, TEST_REDIS_PID: String(child.pid) };
}

/** The server of a folder that `startRedis` has filled, to be started again. */
export function redisServer(dir: string): Daemon {
  return { dir, name: 'redis', command: 'redis-server', args: [configOf(dir)], account: accountOf('redis') };
}

const configOf = (dir: string): string => join(dir, 'redis.conf');
