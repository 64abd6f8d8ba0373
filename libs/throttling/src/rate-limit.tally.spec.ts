import { Clock } from '#kernel';
import { mergeReports, parseReport, statusText } from './rate-limit.report.ts';
import { RateLimitTally } from './rate-limit.tally.ts';

class HandClock extends Clock {
  ms = 1_000_000_000;
  override now(): Date {
    return new Date(this.ms);
  }
}

describe('RateLimitTally', () => {
  it('counts by class what passed and what was refused, and names who was refused most', () => {
    const tally = new RateLimitTally(new HandClock());
    for (let hit = 0; hit < 5; hit += 1) tally.allowed('default');
    tally.limited('default', 'a');
    for (let hit = 0; hit < 3; hit += 1) tally.limited('sign-in', 'b');
    expect(tally.report()).toEqual({
      classes: { default: { allowed: 5, limited: 1 }, 'sign-in': { allowed: 0, limited: 3 } },
      top: [
        { key: 'sign-in:b', limited: 3 },
        { key: 'default:a', limited: 1 },
      ],
    });
  });

  it('forgets what is older than a minute, slot by slot', () => {
    const clock = new HandClock();
    const tally = new RateLimitTally(clock);
    tally.allowed('default');
    clock.ms += 30_000;
    tally.limited('default', 'a');
    clock.ms += 29_000;
    expect(tally.report().classes).toEqual({ default: { allowed: 1, limited: 1 } });
    clock.ms += 1000;
    expect(tally.report().classes).toEqual({ default: { allowed: 0, limited: 1 } });
    clock.ms += 30_000;
    expect(tally.report()).toEqual({ classes: {}, top: [] });
  });

  it('counts anew in a slot that comes round again', () => {
    const clock = new HandClock();
    const tally = new RateLimitTally(clock);
    tally.allowed('default');
    clock.ms += 60_000;
    tally.allowed('default');
    expect(tally.report().classes).toEqual({ default: { allowed: 1, limited: 0 } });
  });

  it('tells at most a thousand callers apart in five seconds, and still counts them all', () => {
    const tally = new RateLimitTally(new HandClock());
    for (let caller = 0; caller < 1500; caller += 1) tally.limited('default', `c${caller}`);
    tally.limited('default', 'c7');
    const { classes, top } = tally.report();
    expect(classes['default']?.limited).toBe(1501);
    expect(top).toHaveLength(10);
    expect(top[0]).toEqual({ key: 'default:c7', limited: 2 });
  });
});

describe('a report', () => {
  const one = { classes: { default: { allowed: 3, limited: 1 } }, top: [{ key: 'default:a', limited: 1 }] };

  it('is added to those of the other replicas', () => {
    const other = {
      classes: { default: { allowed: 1, limited: 2 }, pii: { allowed: 1, limited: 0 } },
      top: [{ key: 'default:a', limited: 2 }],
    };
    expect(mergeReports([one, other])).toEqual({
      classes: { default: { allowed: 4, limited: 3 }, pii: { allowed: 1, limited: 0 } },
      top: [{ key: 'default:a', limited: 3 }],
    });
  });

  it('survives the way through Redis, and nothing else does', () => {
    expect(parseReport(JSON.stringify(one))).toEqual(one);
    for (const text of ['', '{', 'null', '[]', '{"classes":{}}', '{"classes":{"a":{"allowed":"1"}},"top":[]}']) {
      expect(parseReport(text)).toBeNull();
    }
  });

  it('becomes the text operators read', () => {
    expect(JSON.parse(statusText(one, new Date(0)))).toEqual({
      updated_at: '1970-01-01T00:00:00.000Z',
      window_s: 60,
      allowed: 3,
      limited: 1,
      limited_ratio: 0.25,
      by_class: { default: { allowed: 3, limited: 1 } },
      top: [{ key: 'default:a', limited: 1 }],
    });
  });

  it('has a ratio of 0 when nothing was asked', () => {
    expect(statusText(mergeReports([]), new Date(0))).toContain('"limited_ratio":0,');
  });
});
