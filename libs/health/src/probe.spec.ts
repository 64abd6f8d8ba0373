import { HandDrivenTime } from '../../../test/support/hand-driven-time.ts';
import { type Component, Probe, type ProbeTimes } from './probe.ts';

const HEALTHY: Component = { status: 'healthy' };

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
  let time: HandDrivenTime;
  beforeEach(() => {
    time = new HandDrivenTime();
  });

  function probeOf(check: () => Promise<Component>, times: Partial<ProbeTimes> = {}): Probe {
    return new Probe(check, undefined, times, time);
  }

  /** A look that gets no answer until so much has passed. */
  function lookFor(probe: Probe, ms: number): Promise<Component> {
    const look = probe.look();
    time.forward(ms);
    return look;
  }

  it('asks once for any number of looks within its time, and again afterwards', async () => {
    const { state, check } = asked(async () => HEALTHY);
    const probe = probeOf(check, { cacheMs: 40 });
    await Promise.all(Array.from({ length: 50 }, () => probe.look()));
    time.forward(39);
    for (let look = 0; look < 50; look += 1) await probe.look();
    expect(state.times).toBe(1);
    time.forward(1);
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
    let seen: Component | null = null;
    const look = probeOf(never)
      .look()
      .then((component) => (seen = component));
    time.forward(999);
    await new Promise(setImmediate);
    expect(seen).toBeNull();
    time.forward(1);
    expect(await look).toEqual({ status: 'unhealthy' });
  });

  it('goes by the time that passes when it is handed no other', async () => {
    const started = performance.now();
    const probe = new Probe(never, undefined, { timeoutMs: 20 });
    expect(await probe.look()).toEqual({ status: 'unhealthy' });
    expect(performance.now() - started).toBeGreaterThan(15);
  });

  it('waits for nothing any more once it has its answer', async () => {
    const look = probeOf(async () => HEALTHY).look();
    expect(time.patient).toBe(1);
    await look;
    expect(time.patient).toBe(0);
  });

  it('says what it is told to when there is no answer in time', async () => {
    const probe = new Probe(never, () => ({ status: 'healthy', busy: true }), { timeoutMs: 30 }, time);
    expect(await lookFor(probe, 30)).toEqual({ status: 'healthy', busy: true });
  });

  it('does not put a question on top of one that waits, and gives up on it after a while', async () => {
    const { state, check } = asked(never);
    const probe = probeOf(check, { timeoutMs: 30, cacheMs: 0, giveUpMs: 150 });
    for (let look = 0; look < 5; look += 1) await lookFor(probe, 30);
    expect(state.times).toBe(1);
    for (let look = 0; look < 5; look += 1) await lookFor(probe, 30);
    expect(state.times).toBe(2);
  });

  it('takes an answer that comes after its time, at the next look', async () => {
    let answer: (component: Component) => void = () => undefined;
    const { state, check } = asked(() => new Promise((resolve) => (answer = resolve)));
    const probe = probeOf(check, { timeoutMs: 30, cacheMs: 1 });
    expect(await lookFor(probe, 30)).toEqual({ status: 'unhealthy' });
    time.forward(1);
    const next = probe.look();
    answer(HEALTHY);
    expect(await next).toEqual(HEALTHY);
    expect(state.times).toBe(1);
  });

  it('lets bad news stand for a second only, where good news stand longer', async () => {
    const answers: Component[] = [{ status: 'unhealthy' }, HEALTHY, { status: 'unhealthy' }];
    const probe = probeOf(async () => answers.shift()!, { cacheMs: 60_000 });
    expect((await probe.look()).status).toBe('unhealthy');
    time.forward(999);
    expect((await probe.look()).status).toBe('unhealthy');
    time.forward(1);
    expect((await probe.look()).status).toBe('healthy');
    time.forward(59_999);
    expect((await probe.look()).status).toBe('healthy');
    time.forward(1);
    expect((await probe.look()).status).toBe('unhealthy');
  });
});
