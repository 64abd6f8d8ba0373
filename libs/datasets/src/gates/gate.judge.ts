import type { Issue } from '#kernel';
import { attributeIssues, type Gate, gatesOf, isBlocked, piiIssue, ruleFor, SHOWN } from './gate.ts';
import { GateFailed } from './gate.errors.ts';
import type { Counted, GateRepository, Written } from './gate.repository.ts';

/** What a gate said of a commit that passed it. */
export interface Verdict {
  gate: 'pii' | 'fields' | 'licenses';
  verdict: 'passed';
  /** Findings that passed because a rule allows them. */
  allowed?: { type: string; findings: number; reason: string | null }[];
}

/** Lets a commit pass, or fails the transaction that makes it. */
export class GateJudge {
  private readonly gates: GateRepository;

  constructor(gates: GateRepository) {
    this.gates = gates;
  }

  /** Of a commit whose rows are there, in the transaction that publishes it. @throws GateFailed */
  async judge(commit: Written & { id: string }, branch: string | null, all: readonly Gate[]): Promise<void> {
    const gates = gatesOf(all, branch);
    if (gates.length === 0) return;
    const now = new Date();
    const counts = gates.some(({ pii }) => pii.length > 0) ? await this.gates.counts(commit) : [];
    const issues = [...(await this.blocked(commit, gates, counts, now)), ...(await this.poor(commit, gates))];
    if (issues.length > 0) throw new GateFailed().with({ issues: issues.slice(0, SHOWN) });
    await this.gates.keep(
      commit.id,
      gates.flatMap((gate) => verdictsOf(gate, counts, now)),
    );
  }

  private async blocked(
    commit: Written,
    gates: readonly Gate[],
    counts: readonly Counted[],
    now: Date,
  ): Promise<Issue[]> {
    const kinds = counts.filter((found) => isBlocked(gates, found, now));
    if (kinds.length === 0) return [];
    return (await this.gates.places(commit, kinds)).map((place) => piiIssue(place.recordId, place));
  }

  private async poor(commit: Written, gates: readonly Gate[]): Promise<Issue[]> {
    const records = await this.gates.poor(commit, gates);
    return records.flatMap(({ recordId, ...said }) => attributeIssues(gates, recordId, said));
  }
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
  ];
}
