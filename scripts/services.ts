// Throw-away PostgreSQL, Redis and S3 for tests, on free loopback ports, with their files and logs in one folder.
//   node scripts/services.ts start DIR [postgres] [redis] [s3]     prints KEY=VALUE lines, also kept in DIR/env
//   node scripts/services.ts stop DIR                              safe to repeat
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startPostgres } from './services/postgres.ts';
import { type Facts, stopAll } from './services/processes.ts';
import { startRedis } from './services/redis.ts';
import { startS3 } from './services/s3.ts';

const SERVICES: Record<string, (dir: string) => Promise<Facts>> = {
  postgres: startPostgres,
  redis: startRedis,
  s3: startS3,
};

async function start(dir: string, wanted: readonly string[]): Promise<void> {
  mkdirSync(dir, { recursive: true });
  // Servers that run under their own user have to get through to their folder.
  chmodSync(dir, 0o755);
  const names = wanted.length > 0 ? wanted : Object.keys(SERVICES);
  const services = names.map((name) => {
    const service = SERVICES[name];
    if (!service) throw new Error(`no service ${name}; there are ${Object.keys(SERVICES).join(', ')}`);
    // What lies there may be someone's data, or belong to servers that still run.
    if (existsSync(join(dir, name))) throw new Error(`${join(dir, name)} is there already: name an empty folder`);
    return () => service(join(dir, name));
  });
  const started = await Promise.allSettled(services.map((service) => service()));
  const failed = started.filter((result) => result.status === 'rejected');
  if (failed.length > 0) {
    await stopAll(dir);
    throw new Error(`stopped all again, because:\n${failed.map(({ reason }) => String(reason)).join('\n')}`);
  }
  const facts = started.flatMap((result) => (result.status === 'fulfilled' ? Object.entries(result.value) : []));
  const lines = facts.map(([key, value]) => `${key}=${value}\n`).join('');
  writeFileSync(join(dir, 'env'), lines, { mode: 0o600 });
  process.stdout.write(lines);
}

const [command, dir, ...wanted] = process.argv.slice(2);
try {
  if (command === 'start' && dir) await start(resolve(dir), wanted);
  else if (command === 'stop' && dir) await stopAll(resolve(dir));
  else throw new Error('usage: node scripts/services.ts start DIR [postgres] [redis] [s3] | stop DIR');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
