import { FixedClock } from '#kernel';
import { MemoryThrottlerStorage } from './adapters/memory.throttler-storage.ts';
import { RateLimitTally } from './rate-limit.tally.ts';
import { type CallerScope, type RateLimitCaller, RateLimitCounters, RateLimiter } from './rate-limiter.ts';
import { classifier, isByAddress, limitsOf, tenantLimitOf } from './rate-limits.ts';
import { TooManyRequests } from './throttling.errors.ts';

class Counted extends RateLimitCounters {
  readonly seen: string[] = [];
  override rejected(limit: string, scope: CallerScope): void {
    this.seen.push(`${limit} ${scope}`);
  }
}

const AT = new Date('2026-01-31T00:00:00Z');
const SECONDS = AT.getTime() / 1000;
const LIMIT = { name: 'sign-in', limit: 2, ttl: 60_000 };
const USER: RateLimitCaller = { scope: 'user', id: '01890a5d-ac96-774b-bcce-b302099a8057' };
const ADDRESS: RateLimitCaller = { scope: 'address', id: '203.0.113.7' };

function setUp() {
  const clock = new FixedClock(AT);
  const counters = new Counted();
  const tally = new RateLimitTally(clock);
  const tenantLimit = { name: 'tenant', limit: 3, ttl: 60_000 };
  const store = new MemoryThrottlerStorage(clock);
  const limiter = new RateLimiter({ store, tally, clock, tenantLimit, counters });
  const told: Record<string, number>[] = [];
  const take = (caller: RateLimitCaller) => limiter.take(LIMIT, caller, (headers) => told.push(headers));
  return { counters, tally, told, take };
}

describe('RateLimiter', () => {
  it('tells the limit, what is left, and when it is whole again, in seconds from now and as a time', async () => {
    const { take, told } = setUp();
    await take(ADDRESS);
    expect(told).toEqual([
      {
        'RateLimit-Limit': 2,
        'RateLimit-Remaining': 1,
        'RateLimit-Reset': 30,
        'X-RateLimit-Limit': 2,
        'X-RateLimit-Remaining': 1,
        'X-RateLimit-Reset': SECONDS + 30,
      },
    ]);
  });

  it('refuses with the seconds to wait, and tells the headers then too', async () => {
    const { take, told } = setUp();
    await take(ADDRESS);
    await take(ADDRESS);
    const refusal = await take(ADDRESS).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TooManyRequests);
    expect(refusal).toMatchObject({ kind: 'too-many', retryAfter: 30 });
    expect(told[2]).toMatchObject({ 'RateLimit-Remaining': 0, 'RateLimit-Reset': 60 });
  });

  it('counts refusals by class and by whose bucket was empty, and shows users by their ids', async () => {
    const { take, counters, tally } = setUp();
    for (const caller of [USER, ADDRESS]) {
      await take(caller);
      await take(caller);
      await expect(take(caller)).rejects.toThrow(TooManyRequests);
    }
    expect(counters.seen).toEqual(['sign-in user', 'sign-in address']);
    expect(tally.report()).toEqual({
      classes: { 'sign-in': { allowed: 4, limited: 2 } },
      top: [
        { key: 'sign-in:203.0.113.7', limited: 1 },
        { key: 'sign-in:usr_01h455vb4pex5vsknk084sn02q', limited: 1 },
      ],
    });
  });

  it('has one more bucket for everyone in a tenant together, and says whose it was that is empty', async () => {
    const { take, told, counters, tally } = setUp();
    const tenantId = '01890a5d-ac96-774b-bcce-b302099a8058';
    for (const id of ['one', 'one', 'other']) await take({ scope: 'user', id, tenantId });
    const refusal = await take({ scope: 'key', id: 'third', tenantId }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: 'too-many', retryAfter: 20 });
    expect(told.at(-1)).toMatchObject({ 'RateLimit-Limit': 3, 'RateLimit-Remaining': 0 });
    expect(counters.seen).toEqual(['sign-in tenant']);
    expect(tally.report().top[0]!.key).toMatch(/^sign-in:ten_/);
  });
});

describe('the limits', () => {
  const options = {
    rps: 100,
    burst: 200,
    tenantRps: 1000,
    signInPerMinute: 20,
    bulkPerMinute: 60,
    piiPerMinute: 60,
    exportPerHour: 10,
    routes: {
      'sign-in': ['/api/v1/auth/login'],
      bulk: ['/api/v1/datasets/:id/imports'],
      pii: ['/api/v1/pii/detect'],
      export: ['/api/v1/datasets/:id/export'],
    },
  };

  it.each([
    ['POST', '/api/v1/auth/login', 'sign-in'],
    ['POST', '/api/v1/pii/detect', 'pii'],
    ['POST', '/api/v1/datasets/:id/imports', 'bulk'],
    ['GET', '/api/v1/datasets/:id/export', 'export'],
    ['GET', '/api/v1/datasets', 'read'],
    ['POST', '/api/v1/datasets', 'write'],
    ['DELETE', '/api/v1/datasets/:id', 'write'],
    ['GET', '', 'read'],
    ['GET', '/health', null],
    ['GET', '/health/ready', null],
    ['GET', '/healthy', 'read'],
  ])('of %s %j are those of %s', (method, path, name) => {
    expect(classifier(options)(method, path)).toBe(name);
  });

  it('are 100 reads and writes a second with 200 at once, 20 sign-ins, 60 imports and detections a minute, 10 exports an hour', () => {
    const rates = limitsOf(options).map(({ name, limit, ttl }) => [name, limit, limit / (ttl / 1000)]);
    expect(rates).toEqual([
      ['read', 200, 100],
      ['write', 200, 100],
      ['sign-in', 20, 20 / 60],
      ['bulk', 60, 1],
      ['pii', 60, 1],
      ['export', 10, 10 / 3600],
    ]);
  });

  it('are 1,000 a second for a tenant, with 2,000 at once', () => {
    expect(tenantLimitOf(options)).toEqual({ name: 'tenant', limit: 2000, ttl: 2000 });
  });

  it('go by address where passwords are guessed, and nowhere else', () => {
    const names = limitsOf(options).map(({ name }) => name);
    expect(names.filter(isByAddress)).toEqual(['sign-in']);
  });
});
