// The machine itself: packets that nobody answers any more, and next to no processor.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Stage, WHOLE } from './stage.ts';

const CPU = '/sys/fs/cgroup/cpu';

describe('a host', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('whose way to PostgreSQL swallows every packet (F60) frees its connections, and is well again', async () => {
    const { port } = new URL(stage.database.url);
    const rules = ['--dport', '--sport'].map((side) => ['INPUT', '-p', 'tcp', side, port, '-j', 'DROP']);
    const set = (how: '-A' | '-D'): void => rules.forEach((rule) => execFileSync('iptables', [how, ...rule]));
    const report = await stage.under(
      'packets dropped (F60)',
      async () => {
        set('-A');
        try {
          await stage.vault.until('/health/ready', ({ status }) => status === 503, 20);
          expect((await stage.vault.get('/health/live')).status).toBe(200);
          await delay(35_000);
        } finally {
          set('-D');
        }
      },
      async () => {
        await stage.vault.until('/health/ready', ({ status }) => status === 200, 30);
      },
    );
    expect(report).toMatchObject(WHOLE);
  });

  (existsSync(`${CPU}/cpu.cfs_quota_us`) ? it : it.skip)(
    'with a tenth of a processor for 20 s (F61) is slow, stays alive, and is well again',
    async () => {
      const group = `${CPU}/vault-${process.pid}`;
      const { pid } = stage.vault.child;
      let slowest = 0;
      const report = await stage.under(
        'a tenth of a processor (F61)',
        async () => {
          mkdirSync(group);
          writeFileSync(`${group}/cpu.cfs_quota_us`, '10000');
          writeFileSync(`${group}/cgroup.procs`, String(pid));
          for (const end = performance.now() + 20_000; performance.now() < end;) {
            const asked = performance.now();
            // As the kubelet asks: three times for five seconds.
            const answers = [1, 2, 3].map(() =>
              fetch(`${stage.vault.url}/health/live`, { signal: AbortSignal.timeout(15_000) }),
            );
            expect((await Promise.any(answers)).status).toBe(200);
            await Promise.allSettled(answers);
            slowest = Math.max(slowest, performance.now() - asked);
            await delay(1000);
          }
        },
        async () => {
          writeFileSync(`${CPU}/cgroup.procs`, String(pid));
          rmdirSync(group);
        },
      );
      process.stdout.write(`the slowest answer to the liveness probe took ${Math.round(slowest)} ms\n`);
      expect(report).toMatchObject(WHOLE);
    },
  );
});
