// Redis goes away, hangs, forgets everything or takes no writes: limits are counted locally, and nobody waits.
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Stage, WHOLE } from './stage.ts';

interface Detailed {
  status: string;
  components: { redis: { status: string } };
}

describe('with Redis', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  /** Everything answers while it lasts, and the vault says that it is degraded but ready. */
  async function isDegraded(): Promise<void> {
    await stage.vault.until<Detailed>(
      '/health/detailed',
      ({ body }) => body.components.redis.status === 'unhealthy',
      15,
    );
    expect((await stage.vault.get<Detailed>('/health/detailed')).body.status).toBe('degraded');
    expect((await stage.vault.get('/health/ready')).status).toBe(200);
  }

  const isBack = (): Promise<unknown> =>
    stage.vault.until<Detailed>('/health/detailed', ({ body }) => body.components.redis.status === 'healthy', 15);

  async function command(...words: string[]): Promise<void> {
    const client = new Redis(stage.facts['TEST_REDIS_URL']!);
    await client.call(words[0]!, ...words.slice(1));
    client.disconnect();
  }

  it('gone (F27), nothing fails', async () => {
    const report = await stage.under(
      'Redis gone (F27)',
      async () => {
        await stage.stopService('redis', 'SIGKILL');
        await isDegraded();
        await delay(3000);
      },
      async () => {
        await stage.startService('redis');
        await isBack();
      },
    );
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });
  });

  it.each([
    ['2 s away (F28)', { kind: 'delay', ms: 2000 }],
    ['a black hole (F28)', { kind: 'black-hole' }],
  ] as const)('%s, nothing fails', async (name, fault) => {
    const report = await stage.under(
      `Redis ${name}`,
      async () => {
        stage.redis.become(fault);
        await isDegraded();
        await delay(3000);
      },
      async () => {
        stage.redis.become({ kind: 'none' });
        await isBack();
      },
    );
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });
  });

  it('that has forgotten everything (F29), no ended session is let in again', async () => {
    const before = stage.vault.token;
    await stage.vault.post('/auth/logout');
    await stage.vault.until('/auth/me', ({ status }) => status === 401, 5);
    stage.vault.token = await stage.vault.signIn();
    const report = await stage.under('FLUSHALL (F29)', () => command('FLUSHALL'));
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });
    expect((await stage.vault.get('/auth/me', { token: before })).status).toBe(401);
  });

  it('that has no room or takes no writes (F30), nothing fails', async () => {
    const report = await stage.under(
      'Redis full (F30)',
      async () => {
        await command('CONFIG', 'SET', 'maxmemory', '1');
        await isDegraded();
        await delay(1000);
      },
      async () => {
        await command('CONFIG', 'SET', 'maxmemory', '0');
        await isBack();
      },
    );
    expect(report).toMatchObject({ ...WHOLE, failed: 0 });
  });
});
