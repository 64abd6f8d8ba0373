import { Redis } from 'ioredis';
import { mergeReports, parseReport, type RateLimitReport, statusText } from '../rate-limit.report.ts';
import { type RateLimitRecord, type RateLimitStatus, RateLimitStore, recordOf } from '../rate-limit.store.ts';

const PATIENCE_MS = 100;
const SILENCE_MS = 3000;
const PREFIX = 'vault:rate:';

/** Read by operators with `redis-cli GET`: this very name, whatever else is prefixed. */
const STATUS_KEY = 'rate_limit_status';
const STATUS_SECONDS = 60;
/** The status is rewritten by whoever reports first after so long: there is no leader whose end anyone must notice. */
const ROUND_MS = 5000;
/** A replica that does not report for so long is gone. */
const REPORT_MS = 15_000;

/** Places that are asked for with one command: a few hundred microseconds of Redis, which does one thing at a time. */
const AT_ONCE = 100;

/**
 * The same algorithm as in memory, in one atomic step for as many buckets as there are keys. The time is that of Redis:
 * the clocks of replicas differ. Numbers become texts with three decimals, as Lua would cut a time in milliseconds to
 * fourteen digits. Gives of each bucket the milliseconds until it is whole, and until there is a place (0: it was taken).
 */
const TAKE_PLACES = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local answer = {}
for i, key in ipairs(KEYS) do
  local ttl, limit = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local before = tonumber(redis.call('GET', key) or '0')
  if before < now or before - now > ttl + 1 then before = now end
  local after = before + ttl / limit
  local wait = after - now - ttl
  if wait > 0.001 then
    table.insert(answer, string.format('%.3f', before - now))
    table.insert(answer, string.format('%.3f', wait))
  else
    redis.call('SET', key, string.format('%.3f', after), 'PX', math.ceil(after - now))
    table.insert(answer, string.format('%.3f', after - now))
    table.insert(answer, '0')
  end
end
return answer
`;

/** Keeps a replica's report, and gives all that are fresh; first whether it is this replica's turn to sum them up. */
const HAND_IN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local answer = { redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[4]) and '1' or '0' }
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local at, report = string.match(all[i + 1], '^(%d+) (.*)$')
  if at and math.abs(now - tonumber(at)) <= tonumber(ARGV[3]) then
    table.insert(answer, report)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return answer
`;

export interface RedisTimes {
  /** Longest time a request waits for Redis; 100 ms when left out. */
  patienceMs?: number;
  /** A connection that takes commands and gives nothing back for so long is thrown away for a new one; 3 s. */
  silenceMs?: number;
}

interface Scripted extends Redis {
  /** How many keys; the keys; and for each how long it takes to fill, and how much there is. */
  takePlaces(...args: (number | string)[]): Promise<string[]>;
  handIn(
    ...args: [reports: string, round: string, replica: string, report: string, reportMs: number, roundMs: number]
  ): Promise<[turn: string, ...reports: string[]]>;
}

/** A place somebody waits for. */
interface Wanted {
  key: string;
  ttl: number;
  limit: number;
  resolve: (record: RateLimitRecord) => void;
  reject: (error: unknown) => void;
}

/** Counts in Redis, so that all replicas count together. Fails within 100 ms when Redis is away or slow. */
export class RedisThrottlerStorage extends RateLimitStore {
  private readonly redis: Scripted;
  private wanted: Wanted[] = [];

  /** `redis://` or, with TLS, `rediss://`. Connects in the background, and again whenever the connection is lost. */
  constructor(url: string, { patienceMs = PATIENCE_MS, silenceMs = SILENCE_MS }: RedisTimes = {}) {
    super();
    const redis = new Redis(url, {
      // With the queue a request made while Redis is away would wait for its return instead of failing.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 1,
      commandTimeout: patienceMs,
      connectTimeout: 1000,
      socketTimeout: silenceMs,
      retryStrategy: (attempt) => Math.min(50 * attempt, 1000),
      // After a failover the old primary is a replica: the name leads to the new one.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    // Without a listener a lost connection ends the process. Every request notices by itself, and its caller logs it.
    redis.on('error', () => undefined);
    redis.defineCommand('takePlaces', { lua: TAKE_PLACES });
    redis.defineCommand('handIn', { numberOfKeys: 2, lua: HAND_IN });
    this.redis = redis as Scripted;
  }

  /**
   * What comes within one turn of the event loop goes to Redis together: that of a caller and of its tenant, and those of
   * all requests that were read at the same time.
   *
   * @throws Error of the client when Redis does not answer in time.
   */
  override increment(key: string, ttl: number, limit: number): Promise<RateLimitRecord> {
    return new Promise((resolve, reject) => {
      if (this.wanted.length === 0) setImmediate(() => this.takeAll());
      this.wanted.push({ key: `${PREFIX}at:${key}`, ttl, limit, resolve, reject });
    });
  }

  /** @throws Error of the client when Redis does not answer in time. */
  override async report(replica: string, report: RateLimitReport): Promise<number> {
    const [turn, ...texts] = await this.redis.handIn(
      `${PREFIX}reports`,
      `${PREFIX}round`,
      replica,
      JSON.stringify(report),
      REPORT_MS,
      ROUND_MS,
    );
    if (turn === '1') {
      const all = mergeReports(texts.map(parseReport).filter((each) => each !== null));
      await this.redis.set(STATUS_KEY, statusText(all, new Date()), 'EX', STATUS_SECONDS);
    }
    return texts.length;
  }

  /** Asks for what requests ask for: a server that answers PING but cannot write is of no use to them. */
  override async status(): Promise<RateLimitStatus> {
    const started = performance.now();
    const healthy = await this.redis.takePlaces(1, `${PREFIX}status`, 1000, 1000).then(
      () => true,
      () => false,
    );
    const latency = Math.round(performance.now() - started);
    return { status: healthy ? 'healthy' : 'unhealthy', latency_ms: latency, shared: true, degraded: !healthy };
  }

  override async close(): Promise<void> {
    this.redis.disconnect();
  }
  private takeAll(): void {
    const all = this.wanted;
    this.wanted = [];
    for (let at = 0; at < all.length; at += AT_ONCE) this.take(all.slice(at, at + AT_ONCE));
  }

  /** In the order they came. */
  private take(some: readonly Wanted[]): void {
    const keys = some.map(({ key }) => key);
    const buckets = some.flatMap(({ ttl, limit }) => [ttl, limit]);
    this.redis.takePlaces(keys.length, ...keys, ...buckets).then(
      (answer) =>
        some.forEach(({ ttl, limit, resolve }, i) =>
          resolve(recordOf(ttl, limit, Number(answer[2 * i]), Number(answer[2 * i + 1]))),
        ),
      (error: unknown) => {
        for (const { reject } of some) reject(error);
      },
    );
  }
}
