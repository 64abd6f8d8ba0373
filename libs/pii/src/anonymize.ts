import type { Finding } from './finding.ts';
import type { Operator } from './operators/operator.ts';
import { typeNamedAmong } from './pii-type.ts';
import type { PiiScanner } from './pii-scanner.ts';
import { operatorNamed } from './strategies.ts';

export interface AnonymizePlan {
  /** For the types that `strategies` does not name. */
  strategy: string;
  strategies: Readonly<Record<string, string>>;
  /** The types to act on; null for all that were found. */
  types: readonly string[] | null;
  hashKey: Uint8Array;
  /** Names of types that a tenant has made itself. */
  ownTypes?: readonly string[];
}

/** How often a strategy was applied to a type. */
export interface Applied {
  type: string;
  operator: string;
  count: number;
}

/** A plan with its names looked up, and the count of what was done by it. */
class Work {
  readonly #standard: Operator;
  readonly #special: ReadonlyMap<string, Operator>;
  readonly #types: ReadonlySet<string> | null;
  readonly #hashKey: Uint8Array;
  readonly #applied = new Map<string, Applied>();

  constructor(plan: AnonymizePlan) {
    this.#standard = operatorNamed(plan.strategy);
    this.#special = new Map(
      Object.entries(plan.strategies).map(([type, name]) => [
        typeNamedAmong(type, plan.ownTypes ?? []),
        operatorNamed(name),
      ]),
    );
    this.#types = plan.types && new Set(plan.types.map((type) => typeNamedAmong(type, plan.ownTypes ?? [])));
    this.#hashKey = plan.hashKey;
  }

  /** Whether a value of the type is to be gone from the output. */
  isTaken(type: string): boolean {
    return (this.#types === null || this.#types.has(type)) && this.#operatorOf(type).name !== 'keep';
  }

  rewrite(text: string, findings: readonly Finding[]): string {
    let out = '';
    let from = 0;
    for (const finding of findings.toSorted((a, b) => a.start - b.start)) {
      if (!this.isTaken(finding.type) || finding.start < from) continue;
      const operator = this.#operatorOf(finding.type);
      const value = text.slice(finding.start, finding.end);
      out += text.slice(from, finding.start) + operator.apply(finding.type, value, this.#hashKey);
      from = finding.end;
      this.#count(finding.type, operator.name);
    }
    return out + text.slice(from);
  }

  applied(): Applied[] {
    return [...this.#applied.values()];
  }

  #operatorOf(type: string): Operator {
    return this.#special.get(type) ?? this.#standard;
  }

  #count(type: string, operator: string): void {
    const entry = this.#applied.get(type);
    if (entry) entry.count += 1;
    else this.#applied.set(type, { type, operator, count: 1 });
  }
}

/**
 * The text with the findings taken out, each by the strategy of its type.
 *
 * @throws UnknownStrategy, UnknownPiiType
 */
export function anonymizeText(
  text: string,
  findings: readonly Finding[],
  plan: AnonymizePlan,
): { text: string; applied: Applied[] } {
  const work = new Work(plan);
  return { text: work.rewrite(text, findings), applied: work.applied() };
}

/** What to do with what is found again: say its type, and if that is found too, leave it out. */
const HARSHER = ['redact', 'remove'];

/**
 * JSON text with the findings taken out. Only the tokens that hold them are written anew, so every other byte stays: large
 * numbers, keys that occur twice, and spaces. A number becomes a string. What a second scan still finds of the types acted
 * on is taken out more harshly; `residual` counts what is left after that.
 *
 * @throws UnknownStrategy, UnknownPiiType, ScanEnded
 */
export function anonymizeJson(
  source: string,
  scanner: PiiScanner,
  plan: AnonymizePlan,
): { source: string; applied: Applied[]; residual: number } {
  const work = new Work(plan);
  let { out, taken } = rewriteTokens(source, scanner, work, work);
  for (const strategy of HARSHER) {
    if (taken === 0) break;
    const harsher = new Work({ ...plan, strategy, strategies: {} });
    ({ out, taken } = rewriteTokens(out, scanner, harsher, work));
  }
  const residual = taken === 0 ? 0 : scanner.scanJson(out).filter(({ type }) => work.isTaken(type)).length;
  return { source: out, applied: work.applied(), residual };
}

/** `judge` says which types are to be gone; what it keeps is left alone by every round. */
function rewriteTokens(source: string, scanner: PiiScanner, work: Work, judge: Work): { out: string; taken: number } {
  let out = '';
  let from = 0;
  let taken = 0;
  scanner.scanJsonTokens(source, (findings, value, token) => {
    const wanted = findings.filter(({ type }) => judge.isTaken(type));
    if (wanted.length === 0) return;
    taken += wanted.length;
    const written = JSON.stringify(work.rewrite(value, wanted));
    out += source.slice(from, token.start) + (token.isString ? written.slice(1, -1) : written);
    from = token.end;
  });
  return { out: out + source.slice(from), taken };
}
