import { setTimeout as delay } from 'node:timers/promises';
import { type Component, Probe, type ProbeTimes } from './probe.ts';

const HEALTHY: Component = { status: 'healthy' };
const QUICK: Partial<ProbeTimes> = { timeoutMs: 30, cacheMs: 40, giveUpMs: 150 };

/** Something to be asked, that counts how often and answers when the test says. */
function asked(answer: () => Promise<Component>) {
  const state = { times: 0 };
  const check = (): Promise<Component> => {
    state.times += 1;
    return answer();
  };
  return { state, check };
}

const never = (): Promise<Component> => new Promise(() => undefined);

describe('Probe', () => {
  it('asks once for any number of looks within its time, and again afterwards', async () => {
    const { state, check } = asked(async () => HEALTHY);
    const probe = new Probe(check, undefined, QUICK);
    await Promise.all(Array.from({ length: 50 }, () => probe.look()));
    for (let look = 0; look < 50; look += 1) await probe.look();
    expect(state.times).toBe(1);
    await delay(50);
    await probe.look();
    expect(state.times).toBe(2);
  });

  it('says unhealthy, and nothing of the error, when the answer is one', async () => {
    const probe = new Probe(() => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')));
    expect(await probe.look()).toEqual({ status: 'unhealthy' });
  });

  it('says unhealthy when the check throws before it has asked', async () => {
    const probe = new Probe(() => {
      throw new Error('closed');
    });
    expect(await probe.look()).toEqual({ status: 'unhealthy' });
  });

  it('waits a second and no longer by default', async () => {
    const started = performance.now();
    expect(await new Probe(never).look()).toEqual({ status: 'unhealthy' });
    const waited = performance.now() - started;
    expect(waited).toBeGreaterThan(950);
    expect(waited).toBeLessThan(1500);
  });

  it('says what it is told to when there is no answer in time', async () => {
    const probe = new Probe(never, () => ({ status: 'healthy', busy: true }), QUICK);
    expect(await probe.look()).toEqual({ status: 'healthy', busy: true });
  });

  it('does not put a question on top of one that waits, and gives up on it after a while', async () => {
    const { state, check } = asked(never);
    const probe = new Probe(check, undefined, QUICK);
    const started = performance.now();
    while (performance.now() - started < 120) await probe.look();
    expect(state.times).toBe(1);
    while (performance.now() - started < 260) await probe.look();
    expect(state.times).toBe(2);
  });

  it('takes an answer that comes after its time, at the next look', async () => {
    let answer: (component: Component) => void = () => undefined;
    const { state, check } = asked(() => new Promise((resolve) => (answer = resolve)));
    const probe = new Probe(check, undefined, { timeoutMs: 30, cacheMs: 1 });
    expect(await probe.look()).toEqual({ status: 'unhealthy' });
    await delay(5);
    const next = probe.look();
    answer(HEALTHY);
    expect(await next).toEqual(HEALTHY);
    expect(state.times).toBe(1);
  });

  it('lets bad news stand for a second only, where good news stand longer', async () => {
    const answers: Component[] = [{ status: 'unhealthy' }, HEALTHY, { status: 'unhealthy' }];
    const probe = new Probe(async () => answers.shift()!, undefined, { cacheMs: 60_000 });
    expect((await probe.look()).status).toBe('unhealthy');
    await delay(1050);
    expect((await probe.look()).status).toBe('healthy');
    await delay(1050);
    expect((await probe.look()).status).toBe('healthy');
  });
});
