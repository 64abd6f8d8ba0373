import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { holdTimers } from '../../../test/support/held-timers.ts';
import { WorkerBusy, WorkerLost, WorkerPool, WorkerTooSlow } from './index.ts';

interface Ask {
  say?: string;
  sleep?: number;
  fail?: boolean;
  exit?: boolean;
  bytes?: Uint8Array;
}

const script = join(mkdtempSync(join(tmpdir(), 'vault-workers-')), 'echo.mjs');
writeFileSync(
  script,
  `import { parentPort, threadId } from 'node:worker_threads';
   parentPort.on('message', ({ say, sleep, fail, exit, bytes }) => {
     if (exit) process.exit(3);
     if (sleep) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleep);
     if (fail) parentPort.postMessage({ error: new Error('no') });
     else parentPort.postMessage({ result: { say, threadId, length: bytes?.length } });
   });`,
);

interface Said {
  say?: string;
  threadId: number;
  length?: number;
}

describe('WorkerPool', () => {
  let pool: WorkerPool<Ask, Said>;
  const open = (size: number, maxQueue = 100, timeoutMs?: number): void => {
    pool = new WorkerPool<Ask, Said>(pathToFileURL(script), { size, maxQueue, timeoutMs });
  };
  afterEach(() => pool.close());

  it('gives each asker its own answer', async () => {
    open(2);
    const asked = Array.from({ length: 20 }, (_, i) => `task ${i}`);
    const answers = await Promise.all(asked.map((say) => pool.run({ say })));
    expect(answers.map(({ say }) => say)).toEqual(asked);
  });

  it('works on as many threads as it has', async () => {
    open(2);
    const answers = await Promise.all([pool.run({ sleep: 50 }), pool.run({ sleep: 50 }), pool.run({ sleep: 50 })]);
    expect(new Set(answers.map(({ threadId }) => threadId)).size).toBe(2);
  });

  it('moves buffers instead of copying them', async () => {
    open(1);
    const bytes = new Uint8Array(1000);
    const { length } = await pool.run({ bytes }, { transfer: [bytes.buffer] });
    expect([length, bytes.length]).toEqual([1000, 0]);
  });

  it('hands a failure to the asker and goes on', async () => {
    open(1);
    await expect(pool.run({ fail: true })).rejects.toThrow('no');
    expect((await pool.run({ say: 'still here' })).say).toBe('still here');
  });

  it('replaces a thread that has ended', async () => {
    open(1);
    await expect(pool.run({ exit: true })).rejects.toThrow(WorkerLost);
    expect((await pool.run({ say: 'another' })).say).toBe('another');
  });

  it('ends a task that takes too long, and its thread', async () => {
    holdTimers();
    try {
      open(1, 100, 200);
      const slow = pool.run({ sleep: 60_000 });
      jest.advanceTimersByTime(200);
      await expect(slow).rejects.toThrow(WorkerTooSlow);
      expect((await pool.run({ say: 'next' })).say).toBe('next');
    } finally {
      jest.useRealTimers();
    }
  });

  it('refuses more work than may wait', async () => {
    open(1, 1);
    const first = pool.run({ sleep: 50 });
    const second = pool.run({ say: 'waits' });
    await expect(pool.run({ say: 'one too many' })).rejects.toThrow(WorkerBusy);
    await Promise.all([first, second]);
  });

  it('takes back a waiting task whose asker has gone', async () => {
    open(1);
    const controller = new AbortController();
    const first = pool.run({ sleep: 50 });
    const second = pool.run({ say: 'never mind' }, { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await first;
  });

  it('fails what waits when it closes', async () => {
    open(1);
    const running = pool.run({ sleep: 60_000 });
    const waiting = pool.run({ say: 'later' });
    const settled = Promise.allSettled([running, waiting]);
    await pool.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pool.run({})).rejects.toThrow(WorkerLost);
  });
});
