import { z } from 'zod';

/** How far back a report looks. */
export const WINDOW_MS = 60_000;
const MOST_TOP = 10;

const Counts = z.object({ allowed: z.number(), limited: z.number() });

/** What one replica, or all of them together, counted in the last minute. */
const Report = z.object({
  classes: z.record(z.string(), Counts),
  /** Who was refused most, the worst first: class and caller, and how often. */
  top: z.array(z.object({ key: z.string(), limited: z.number() })),
});
export type RateLimitReport = z.infer<typeof Report>;

/** Text that Redis gave as a report, or null: what is kept there is believed only as far as it has the right shape. */
export function parseReport(text: string): RateLimitReport | null {
  try {
    return Report.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function mergeReports(reports: readonly RateLimitReport[]): RateLimitReport {
  const classes: RateLimitReport['classes'] = {};
  const refused = new Map<string, number>();
  for (const report of reports) {
    for (const [name, { allowed, limited }] of Object.entries(report.classes)) {
      const sum = (classes[name] ??= { allowed: 0, limited: 0 });
      sum.allowed += allowed;
      sum.limited += limited;
    }
    for (const { key, limited } of report.top) refused.set(key, (refused.get(key) ?? 0) + limited);
  }
  return { classes, top: topOf(refused) };
}

export function topOf(refused: ReadonlyMap<string, number>): RateLimitReport['top'] {
  return [...refused]
    .map(([key, limited]) => ({ key, limited }))
    .sort((a, b) => b.limited - a.limited || (a.key < b.key ? -1 : 1))
    .slice(0, MOST_TOP);
}

/** What operators read under the key `rate_limit_status`. Its names are part of the runbook. */
export function statusText({ classes, top }: RateLimitReport, at: Date): string {
  const counts = Object.values(classes);
  const allowed = counts.reduce((sum, each) => sum + each.allowed, 0);
  const limited = counts.reduce((sum, each) => sum + each.limited, 0);
  const ratio = limited === 0 ? 0 : limited / (allowed + limited);
  return JSON.stringify({
    updated_at: at.toISOString(),
    window_s: WINDOW_MS / 1000,
    allowed,
    limited,
    limited_ratio: Math.round(ratio * 10_000) / 10_000,
    by_class: classes,
    top,
  });
}
