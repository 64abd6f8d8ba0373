import type { Issue } from '#kernel';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Change } from '../writes/change.ts';
import type { FoundRow } from '../writes/finding-rows.ts';
import {
  asksForBalance,
  asksForLeaks,
  asksForNears,
  asksForRepeats,
  attributeIssues,
  type Gate,
  gatesOf,
  isBlocked,
  isHeld,
  ruleFor,
  SHOWN,
  tracesOf,
  type Verdict,
} from './gate.ts';
import { piiIssue } from './gate.issues.ts';
import type { Balances } from './balances.ts';
import { GateFailed } from './gate.errors.ts';
import type { Counted, GateRepository, JudgedCommit, Looked, Onto, Written } from './gate.repository.ts';
import type { Leaks } from './leaks.ts';
import type { Nears } from './nears.ts';
import type { Repeats } from './repeats.ts';

const AT_ONCE = 5000;

/** Who knows what gates ask of a branch beside what a commit brings. */
export interface Judging {
  repeats: Repeats;
  nears: Nears;
  leaks: Leaks;
  balances: Balances;
}

/** Lets a commit pass, or fails the transaction that makes it. */
export class GateJudge {
  private readonly gates: GateRepository;
  private readonly judging: Judging;

  constructor(gates: GateRepository, judging: Judging) {
    this.gates = gates;
    this.judging = judging;
  }

  /**
   * Of a commit whose rows are there, in the transaction that publishes it. What was said of it before is kept with it.
   *
   * @throws GateFailed
   */
  async judge(
    commit: JudgedCommit,
    branch: string | null,
    all: readonly Gate[],
    said: readonly Verdict[] = [],
  ): Promise<void> {
    const gates = gatesOf(all, branch);
    if (gates.length === 0 && said.length === 0) return;
    const { repeats, nears, leaks, balances } = this.judging;
    const now = new Date();
    const counts = gates.some(({ pii }) => pii.length > 0) ? await this.gates.counts(commit) : [];
    const issues = [
      ...(await this.blocked(commit, gates, counts, now)),
      ...(await this.poor(commit, gates)),
      ...(asksForRepeats(gates) && !commit.sameContents ? await repeats.inCommit(commit) : []),
      ...(asksForNears(gates) && !commit.sameContents ? await nears.inCommit(commit, gates) : []),
      ...(asksForLeaks(gates) ? await leaks.inCommit(commit) : []),
      ...(asksForBalance(gates) ? await balances.inCommit(commit, gates) : []),
    ];
    if (issues.length > 0) throw new GateFailed().with({ issues: issues.slice(0, SHOWN) });
    const known = await this.known(commit.datasetId, gates);
    const verdicts = gates.flatMap((gate) => [...verdictsOf(gate, counts, now), ...contentVerdicts(gate, known)]);
    await this.gates.keep(commit.id, [...said, ...verdicts]);
  }

  /** Whether all is known of the contents that are compared with. */
  private async known(datasetId: string, gates: readonly Gate[]): Promise<Known> {
    const { hashes, sketches } = tracesOf(gates);
    return {
      hashes: !hashes || (await this.judging.repeats.isComplete(datasetId)),
      sketches: !sketches || (await this.judging.nears.isComplete(datasetId)),
    };
  }

  /** What they would say of changes that are none yet, in the caller's transaction. */
  async foresee(
    changes: readonly Change[],
    onto: Onto,
    all: readonly Gate[],
  ): Promise<{ issues: Issue[]; verdicts: Verdict[] }> {
    const [gates, now] = [gatesOf(all, onto.branch), new Date()];
    const counts = new Map<string, Counted>();
    const issues: Issue[] = [];
    if (gates.length === 0) return { issues, verdicts: [] };
    // Some at a time: other requests go on in between.
    for (let at = 0; at < changes.length; at += AT_ONCE) {
      const some = changes.slice(at, at + AT_ONCE);
      const found = await this.found(some);
      for (const { type, risk, count } of found) {
        const name = `${type} ${risk}`;
        counts.set(name, { type, risk, count: count + (counts.get(name)?.count ?? 0) });
      }
      if (issues.length < SHOWN) issues.push(...(await this.wrongIn(some, gates, found, now)));
    }
    const { repeats, nears, leaks, balances } = this.judging;
    if (asksForRepeats(gates)) issues.push(...(await repeats.foreseen(changes, onto)));
    if (asksForNears(gates)) issues.push(...(await nears.foreseen(changes, onto, gates)));
    if (asksForLeaks(gates)) issues.push(...(await leaks.foreseen(changes, onto)));
    if (asksForBalance(gates)) issues.push(...(await balances.foreseen(changes, onto, gates)));
    return {
      issues: issues.slice(0, SHOWN),
      verdicts: gates.flatMap((gate) => verdictsOf(gate, [...counts.values()], now)),
    };
  }

  private async found(changes: readonly Change[]): Promise<Counted[]> {
    const fresh = changes.flatMap(freshIn).map(({ type, risk }) => ({ type, risk, count: 1 }));
    return [...(await this.gates.counts(takenIn(changes))), ...fresh];
  }

  private async wrongIn(
    changes: readonly Change[],
    gates: readonly Gate[],
    found: readonly Counted[],
    now: Date,
  ): Promise<Issue[]> {
    const fresh = changes.flatMap((change) =>
      freshIn(change)
        .filter((each) => isBlocked(gates, each, now))
        .map((each) => piiIssue(change.recordId, each, isHeld(gates, [each], now))),
    );
    const taken = await this.blocked(takenIn(changes), gates, found, now);
    const poor = changes.flatMap(({ recordId, after }) => (after ? attributeIssues(gates, recordId, after) : []));
    return [...taken, ...fresh, ...poor];
  }

  private async blocked(
    looked: Looked,
    gates: readonly Gate[],
    counts: readonly Counted[],
    now: Date,
  ): Promise<Issue[]> {
    const kinds = counts.filter((found) => isBlocked(gates, found, now));
    if (kinds.length === 0) return [];
    const places = await this.gates.places(looked, kinds);
    return places.map((place) => piiIssue(place.recordId, place, isHeld(gates, [place], now)));
  }

  private async poor(commit: Written, gates: readonly Gate[]): Promise<Issue[]> {
    const records = await this.gates.poor(commit, gates);
    return records.flatMap(({ recordId, ...said }) => attributeIssues(gates, recordId, said));
  }
}

/** What was found in content that is new. */
function freshIn({ after }: Change): FoundRow[] {
  return after && Array.isArray(after.findings) ? after.findings : [];
}

/** The versions whose content comes again. */
function takenIn(changes: readonly Change[]): StoredVersion[] {
  return changes.flatMap(({ after }) => (after && !Array.isArray(after.findings) ? [after.findings.of] : []));
}

interface Known {
  hashes: boolean;
  sketches: boolean;
}

/** Of gates that have to know what records say. */
function contentVerdicts({ duplicates, nearDuplicates, leakage }: Gate, known: Known): Verdict[] {
  const passed = (gate: Verdict['gate'], isKnown: boolean): Verdict => ({
    gate,
    verdict: 'passed',
    ...(!isKnown && { partial: true }),
  });
  return [
    ...(duplicates ? [passed('duplicates', known.hashes)] : []),
    ...(nearDuplicates ? [passed('near_duplicates', known.sketches)] : []),
    ...(leakage ? [passed('leakage', known.hashes)] : []),
  ];
}

function verdictsOf(gate: Gate, counts: readonly Counted[], now: Date): Verdict[] {
  const allowed = counts.flatMap(({ count, ...found }) => {
    const rule = ruleFor(gate, found, now);
    return rule ? [{ type: found.type, findings: count, reason: rule.reason }] : [];
  });
  return [
    ...(gate.pii.length > 0 ? [{ gate: 'pii' as const, verdict: 'passed' as const, allowed }] : []),
    ...(gate.fields.length > 0 ? [{ gate: 'fields' as const, verdict: 'passed' as const }] : []),
    ...(gate.licenses ? [{ gate: 'licenses' as const, verdict: 'passed' as const }] : []),
    ...(gate.balance ? [{ gate: 'balance' as const, verdict: 'passed' as const }] : []),
  ];
}
