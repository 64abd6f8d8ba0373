import type { Issue, VaultError } from '#kernel';
import type { Change, NextVersion } from '../writes/change.ts';
import { attributeIssues, type Gate, isBlocked, isHeld, SHOWN } from './gate.ts';
import { piiIssue } from './gate.issues.ts';
import { GateFailed } from './gate.errors.ts';

/** A change that a gate holds back. */
export class HeldBack {
  constructor(readonly change: Change & { after: NextVersion }) {}
}

export type Judged = Change | HeldBack | VaultError;

/** Remembers what comes, and says of the next change what is wrong with it beside that. */
export interface Watch {
  issuesOf(change: Change): Issue[];
  take(change: Change): void;
}

/**
 * Each for itself: who writes at the same time as somebody else does not fail for what that one wrote.
 *
 * @param wrong what is wrong with it beside what it brings itself
 */
export function gated(gates: readonly Gate[], change: Change, wrong: readonly Issue[] = []): Judged {
  const { recordId, after } = change;
  if (gates.length === 0) return change;
  if (!after) return wrong.length > 0 ? new GateFailed().with({ issues: [...wrong] }) : change;
  const [found, now] = [Array.isArray(after.findings) ? after.findings : [], new Date()];
  const isBack = isHeld(gates, found, now);
  const blocked = isBack ? [] : found.filter((each) => isBlocked(gates, each, now));
  const issues = [
    ...blocked.map((each) => piiIssue(recordId, each)),
    ...attributeIssues(gates, recordId, after),
    ...wrong,
  ].slice(0, SHOWN);
  if (issues.length > 0) return new GateFailed().with({ issues });
  return isBack ? new HeldBack({ ...change, after }) : change;
}

/** @throws GateFailed with what is wrong with any of them */
export function mustPass(judged: readonly Judged[]): void {
  const failed = judged.filter((each) => each instanceof GateFailed);
  if (failed.length === 0) return;
  throw new GateFailed().with({ issues: failed.flatMap(({ issues }) => issues ?? []).slice(0, SHOWN) });
}
