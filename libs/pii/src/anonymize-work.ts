import type { Finding } from './finding.ts';
import { OperatorKeys } from './operators/operator-keys.ts';
import type { Span } from './own/linear-matcher.ts';
import { typeNamedAmong } from './pii-type.ts';
import { type Strategy, strategyOf } from './strategies.ts';

export interface AnonymizePlan {
  /** For the types that `strategies` does not name. */
  strategy: string;
  strategies: Readonly<Record<string, string>>;
  /** The types to act on; null for all that were found. */
  types: readonly string[] | null;
  hashKey: Uint8Array;
  /** Where it belongs: what is replaced the same way all over a dataset. Without one it is a dataset of its own. */
  datasetId?: string;
  /** What tells the document from others, where that is not the text itself. */
  document?: string;
  /** Names of types that a tenant has made itself. */
  ownTypes?: readonly string[];
}

/** How often a strategy was applied to a type. */
export interface Applied {
  type: string;
  operator: string;
  count: number;
}

/** A plan for one document with its names looked up, and the count of what was done by it. */
export class AnonymizeWork {
  readonly #standard: Strategy;
  readonly #special: ReadonlyMap<string, Strategy>;
  readonly #types: ReadonlySet<string> | null;
  readonly #keys: OperatorKeys;
  readonly #applied = new Map<string, Applied>();

  constructor(plan: AnonymizePlan, document: string) {
    this.#standard = strategyOf(plan.strategy);
    this.#special = new Map(
      Object.entries(plan.strategies).map(([type, name]) => [
        typeNamedAmong(type, plan.ownTypes ?? []),
        strategyOf(name),
      ]),
    );
    this.#types = plan.types && new Set(plan.types.map((type) => typeNamedAmong(type, plan.ownTypes ?? [])));
    this.#keys = new OperatorKeys(plan.hashKey, plan.datasetId ?? '', plan.document ?? document);
  }

  /** Whether a value of the type is to be gone from the output. */
  isTaken(type: string): boolean {
    return (this.#types === null || this.#types.has(type)) && this.#strategyOf(type).operator.name !== 'keep';
  }

  /** `ours` are places where what was put in earlier stands; given back are those of the output. */
  rewrite(text: string, findings: readonly Finding[], ours: readonly Span[]): { text: string; ours: Span[] } {
    const spans: Span[] = [];
    let out = '';
    let from = 0;
    let next = 0;
    const copy = (to: number): void => {
      const moved = out.length - from;
      for (; next < ours.length && ours[next]!.start < to; next += 1) {
        const { start, end } = ours[next]!;
        if (start >= from && end <= to) spans.push({ start: start + moved, end: end + moved });
      }
      out += text.slice(from, to);
    };
    for (const finding of findings.toSorted((a, b) => a.start - b.start)) {
      if (!this.isTaken(finding.type) || finding.start < from) continue;
      const { operator, options } = this.#strategyOf(finding.type);
      copy(finding.start);
      const start = out.length;
      const value = text.slice(finding.start, finding.end);
      out += operator.apply(finding.type, value, { keys: this.#keys, options });
      if (operator.looksReal(options)) spans.push({ start, end: out.length });
      from = finding.end;
      this.#count(finding.type, operator.name);
    }
    copy(text.length);
    return { text: out, ours: spans };
  }

  applied(): Applied[] {
    return [...this.#applied.values()];
  }

  #strategyOf(type: string): Strategy {
    return this.#special.get(type) ?? this.#standard;
  }

  #count(type: string, operator: string): void {
    const entry = this.#applied.get(type);
    if (entry) entry.count += 1;
    else this.#applied.set(type, { type, operator, count: 1 });
  }
}
