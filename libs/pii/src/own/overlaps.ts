import type { Finding } from '../finding.ts';

/** Of findings over one another the longer stays, and of two as long the tenant's own: it knows its data. In their order. */
export function withoutOverlaps(own: readonly Finding[], known: readonly Finding[]): Finding[] {
  const isOwn = new Set(own);
  const all = [...own, ...known].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: Finding[] = [];
  for (const finding of all) {
    let last = kept.at(-1);
    while (last && last.end > finding.start && isBetter(finding, last, isOwn)) {
      kept.pop();
      last = kept.at(-1);
    }
    if (!last || last.end <= finding.start) kept.push(finding);
  }
  return kept;
}

function isBetter(a: Finding, b: Finding, isOwn: ReadonlySet<Finding>): boolean {
  const more = a.end - a.start - (b.end - b.start) || Number(isOwn.has(a)) - Number(isOwn.has(b));
  return more > 0 || (more === 0 && a.confidence > b.confidence);
}
