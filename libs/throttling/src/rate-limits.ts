/** One of the limits a route can be under: a bucket of `limit` places that fills up evenly within `ttl` ms. */
export interface RateLimit {
  name: RateLimitClass;
  limit: number;
  ttl: number;
  /** By address also for those who have signed in: guessing goes on under someone else's name. */
  byAddress: boolean;
}

export const RATE_LIMIT_CLASSES = ['default', 'sign-in', 'pii', 'export'] as const;
export type RateLimitClass = (typeof RATE_LIMIT_CLASSES)[number];

export interface RateLimitOptions {
  /** Requests a second in the long run, and at once. */
  rps: number;
  burst: number;
  signInPerMinute: number;
  piiPerMinute: number;
  exportPerHour: number;
  /** Routes that take a password or a token, by their templates; counted by address. */
  signInPaths?: readonly string[];
  /** Routes that search texts for personal data. */
  piiPaths?: readonly string[];
  /** Routes that give out whole datasets. */
  exportPaths?: readonly string[];
  /** Beginnings of the paths without a limit: whoever watches the server must not be turned away. */
  unlimitedPaths?: readonly string[];
}

const MINUTE = 60_000;

export function limitsOf(options: RateLimitOptions): RateLimit[] {
  const { rps, burst, signInPerMinute, piiPerMinute, exportPerHour } = options;
  return [
    { name: 'default', limit: burst, ttl: (burst / rps) * 1000, byAddress: false },
    { name: 'sign-in', limit: signInPerMinute, ttl: MINUTE, byAddress: true },
    { name: 'pii', limit: piiPerMinute, ttl: MINUTE, byAddress: false },
    { name: 'export', limit: exportPerHour, ttl: 60 * MINUTE, byAddress: false },
  ];
}

/** Which limit a route is under, by its template; null for none. */
export function classifier(options: RateLimitOptions): (path: string) => RateLimitClass | null {
  const { signInPaths = [], piiPaths = [], exportPaths = [], unlimitedPaths = ['/health'] } = options;
  const named = new Map<string, RateLimitClass>([
    ...signInPaths.map((path) => [path, 'sign-in'] as const),
    ...piiPaths.map((path) => [path, 'pii'] as const),
    ...exportPaths.map((path) => [path, 'export'] as const),
  ]);
  return (path) => {
    if (unlimitedPaths.some((beginning) => path === beginning || path.startsWith(`${beginning}/`))) return null;
    return named.get(path) ?? 'default';
  };
}
