import { strategyNamed } from '#pii';

/** What a policy says: what is looked for, and what is done with it. */
export interface PolicyTerms {
  description: string;
  /** For the types that `strategies` does not name. */
  strategy: string;
  strategies: Readonly<Record<string, string>>;
  /** The only types that are looked for and acted on; null for all that are on by default, and the tenant's own. */
  types: readonly string[] | null;
  /** Looked for beside those that are on by default. */
  extraTypes: readonly string[];
  /** What is less sure is left alone; null for what the server is set to. */
  minConfidence: number | null;
}

/** A policy that comes with the product. It is the same everywhere and never changes: a tenant copies it. */
export interface Preset extends PolicyTerms {
  name: string;
}

/** Every name canonical; `named` is that of types. @throws UnknownPiiType, UnknownStrategy */
export function strategiesNamed(
  strategies: Readonly<Record<string, string>>,
  named: (type: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(strategies).map(([type, strategy]) => [named(type), strategyNamed(strategy)]),
  );
}
