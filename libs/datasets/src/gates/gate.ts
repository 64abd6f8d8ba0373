import { showId, type Issue } from '#kernel';
import type { Traces } from '../contents/traces.ts';
import type { Looking } from '../duplicates/duplicate.tasks.ts';
import type { Attributes } from '../writes/attributes.ts';

/** What is done about some findings; the first rule that is about one counts. */
export interface PiiRule {
  /** Null: all types. */
  types: string[] | null;
  /** Index into `RISKS`. */
  minRisk: number;
  action: 'block' | 'allow';
  /** Of one that blocks: a record that is written or imported is held back, and the rest of the commit goes on without it. */
  holds?: true;
  reason: string | null;
  /** ISO 8601: from then on the rule says nothing any more. */
  expiresAt: string | null;
}

/** What a commit must be like to get onto some branches. */
export interface Gate {
  /** Names, with `*` for any part. */
  branches: string[];
  pii: PiiRule[];
  /** What must be said of each record: `license`, `source` … or `metadata.` and a name. */
  fields: string[];
  /** Licenses that a record may have; null for any, and none. */
  licenses: string[] | null;
  /** Whether a record may say what another one of the branch says already; left out by the release before. */
  duplicates?: 'exact' | null;
  /** Whether what a record says may be nearly what another one of the branch says; left out by the release before. */
  nearDuplicates?: NearDuplicates | null;
  /** Whether what a record says may be in more than one split of the branch; left out by the release before. */
  leakage?: 'exact' | null;
  /** What the branch is to be like as a whole; left out by the release before. */
  balance?: Balance | null;
}

/** What is compared, and from which likeness on two are too alike. */
export interface NearDuplicates extends Looking {
  threshold: number;
}

/** How many records there may be, and how large a part of them may be in which split. */
export interface Balance {
  minRecords: number | null;
  maxRecords: number | null;
  splits: { name: string; minShare: number | null; maxShare: number | null }[];
}

export interface Found {
  type: string;
  risk: number;
}

/** What a gate said of a commit that passed it. */
export interface Verdict {
  gate: 'pii' | 'fields' | 'licenses' | 'duplicates' | 'near_duplicates' | 'leakage' | 'balance' | 'quarantine';
  /** Released: somebody let through what a gate held back. */
  verdict: 'passed' | 'released';
  /** Where the gate could not compare with all there was, as not all of it was known yet. */
  partial?: true;
  /** Findings that passed because a rule allows them, or because somebody let them through. */
  allowed?: { type: string; findings: number; reason: string | null }[];
}

/** What gates have to know of what records say. Those of a dataset that ask for what is alike all look at the same. */
export function tracesOf(gates: readonly Gate[]): Traces {
  const [near] = gates.flatMap(({ nearDuplicates }) => nearDuplicates ?? []);
  const sketches = near ? { pointer: near.pointer, shingles: near.shingles } : null;
  return { hashes: asksForRepeats(gates) || asksForLeaks(gates), sketches };
}

/** From which likeness on records are too alike for one of the gates; null where none looks for that. */
export function leastLikeness(gates: readonly Gate[]): number | null {
  const all = gates.flatMap(({ nearDuplicates }) => nearDuplicates?.threshold ?? []);
  return all.length > 0 ? Math.min(...all) : null;
}

/** Whether any of the gates looks for records that say what others say. */
export function asksForRepeats(gates: readonly Gate[]): boolean {
  return gates.some(({ duplicates }) => duplicates);
}

/** Whether any of the gates looks for records that say nearly what others say. */
export function asksForNears(gates: readonly Gate[]): boolean {
  return gates.some(({ nearDuplicates }) => nearDuplicates);
}

/** Whether any of the gates looks for what is in more than one split. */
export function asksForLeaks(gates: readonly Gate[]): boolean {
  return gates.some(({ leakage }) => leakage);
}

/** Whether any of the gates looks at the branch as a whole. */
export function asksForBalance(gates: readonly Gate[]): boolean {
  return gates.some(({ balance }) => balance);
}

/** Places that an answer names. */
export const SHOWN = 100;

export function gatesOf(gates: readonly Gate[], branch: string | null): Gate[] {
  return gates.filter(({ branches }) => branches.some((pattern) => isNamed(pattern, branch ?? '')));
}

/** The rule that counts for a finding at a gate; null where none is about it, and it passes. */
export function ruleFor({ pii }: Gate, { type, risk }: Found, now: Date): PiiRule | null {
  const isAbout = ({ types, minRisk, expiresAt }: PiiRule): boolean =>
    (!types || types.includes(type)) && risk >= minRisk && (expiresAt === null || new Date(expiresAt) > now);
  return pii.find(isAbout) ?? null;
}

export function isBlocked(gates: readonly Gate[], found: Found, now: Date): boolean {
  return gates.some((gate) => ruleFor(gate, found, now)?.action === 'block');
}

/** Which types these are of, each once. */
export function typesOf(found: readonly Pick<Found, 'type'>[]): string[] {
  return [...new Set(found.map(({ type }) => type))].sort();
}

/** Whether a gate may hold anything back. */
export function mayHold(gates: readonly Gate[]): boolean {
  return gates.some(({ pii }) => pii.some(({ holds }) => holds));
}

/** Whether a record with these findings is held back: a gate says so, and none blocks it for good. */
export function isHeld(gates: readonly Gate[], found: readonly Found[], now: Date): boolean {
  const rules = found.flatMap((each) => gates.map((gate) => ruleFor(gate, each, now)));
  const blocking = rules.filter((rule) => rule?.action === 'block');
  return blocking.length > 0 && blocking.every((rule) => rule?.holds);
}

/** What is not said of a record that must be, or is not what it may be. */
export function attributeIssues(gates: readonly Gate[], recordId: string, said: Attributes): Issue[] {
  const record = `/${showId('rec', recordId)}`;
  const missing = gates
    .flatMap(({ fields }) => fields)
    .filter((field) => valueOf(said, field) === undefined)
    .map((field) => ({ pointer: `${record}/${field.replace('.', '/')}`, detail: 'Gate fields: missing' }));
  const isStrange = gates.some(({ licenses }) => licenses && !(said.license && licenses.includes(said.license)));
  const strange = isStrange ? [{ pointer: `${record}/license`, detail: 'Gate licenses: none of those allowed' }] : [];
  return [...new Map([...missing, ...strange].map((issue) => [issue.pointer, issue])).values()];
}

const METADATA = 'metadata.';

/** What can be asked for of each record, in the words of the wire, which are those of the columns too. */
export const ATTRIBUTES: Record<string, 'license' | 'source' | 'language' | 'split' | 'externalId'> = {
  license: 'license',
  source: 'source',
  language: 'language',
  split: 'split',
  external_id: 'externalId',
};

/** What is said of a record under such a name; undefined where nothing is. */
export function valueOf(said: Attributes, field: string): unknown {
  if (field.startsWith(METADATA)) {
    const [name, metadata] = [field.slice(METADATA.length), said.metadata ?? {}];
    return Object.hasOwn(metadata, name) ? metadata[name] : undefined;
  }
  return said[ATTRIBUTES[field]!] ?? undefined;
}

/** A pattern is short, and `*` costs a search for what comes after it: nothing is tried twice. */
function isNamed(pattern: string, name: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  if (!name.startsWith(first!)) return false;
  let at = first!.length;
  const last = rest.pop()!;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
