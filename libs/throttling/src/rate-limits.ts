/** One of the limits a route can be under: a bucket of `limit` places that fills up evenly within `ttl` ms. */
export interface RateLimit<Name extends string = string> {
  name: Name;
  limit: number;
  ttl: number;
}

/** The classes a route is put into by its template, and the two of all the others. */
export const NAMED_CLASSES = ['sign-in', 'bulk', 'pii', 'export'] as const;
export const RATE_LIMIT_CLASSES = ['read', 'write', ...NAMED_CLASSES] as const;
export type RateLimitClass = (typeof RATE_LIMIT_CLASSES)[number];

export interface RateLimitOptions {
  /** Requests a second in the long run, and at once: reads and writes each. */
  rps: number;
  burst: number;
  /** Requests a second of everyone in one tenant together, whatever they ask for. */
  tenantRps: number;
  signInPerMinute: number;
  bulkPerMinute: number;
  piiPerMinute: number;
  exportPerHour: number;
  /**
   * Templates of the routes of each class: `sign-in` for those that take a password or a token, `bulk` for those that
   * take in or make many records, `pii` for those that search texts, `export` for those that give out whole datasets.
   */
  routes: Readonly<Record<(typeof NAMED_CLASSES)[number], readonly string[]>>;
  /** Beginnings of the paths without a limit: whoever watches the server must not be turned away. */
  unlimitedPaths?: readonly string[];
}

const MINUTE = 60_000;

export function limitsOf(options: RateLimitOptions): RateLimit<RateLimitClass>[] {
  const { rps, burst, signInPerMinute, bulkPerMinute, piiPerMinute, exportPerHour } = options;
  const evenly = { limit: burst, ttl: (burst / rps) * 1000 };
  return [
    { name: 'read', ...evenly },
    { name: 'write', ...evenly },
    { name: 'sign-in', limit: signInPerMinute, ttl: MINUTE },
    { name: 'bulk', limit: bulkPerMinute, ttl: MINUTE },
    { name: 'pii', limit: piiPerMinute, ttl: MINUTE },
    { name: 'export', limit: exportPerHour, ttl: 60 * MINUTE },
  ];
}

/** The bucket of a whole tenant: twice a second's share at once. */
export function tenantLimitOf({ tenantRps }: RateLimitOptions): RateLimit {
  return { name: 'tenant', limit: Math.ceil(2 * tenantRps), ttl: 2000 };
}

/** Counted by address also for those who have signed in: guessing goes on under someone else's name. */
export const isByAddress = (name: string): boolean => name === 'sign-in';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Which limit a request is under, by its method and its route's template; null for none. */
export function classifier({
  routes,
  unlimitedPaths = ['/health'],
}: RateLimitOptions): (method: string, path: string) => RateLimitClass | null {
  const named = new Map(NAMED_CLASSES.flatMap((name) => routes[name].map((path) => [path, name] as const)));
  return (method, path) => {
    if (unlimitedPaths.some((beginning) => path === beginning || path.startsWith(`${beginning}/`))) return null;
    return named.get(path) ?? (READS.has(method) ? 'read' : 'write');
  };
}
