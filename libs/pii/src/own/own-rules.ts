import type { Risk } from '../risk.ts';

/** A type of personal data that a tenant has described itself: by words, by patterns, or both. */
export interface OwnType {
  name: string;
  risk: Risk;
  /** Confidence where no word of the context is near; with one it is higher. */
  score: number;
  isCaseSensitive: boolean;
  words: readonly string[];
  patterns: readonly string[];
  context: readonly string[];
  /** Rises with every change: findings tell by which description they were made. */
  version: number;
}

/** What is not to be reported: a value, under a keyed hash, or all of a type in one dataset. */
export interface AllowedRule {
  /** As it is shown. */
  id: string;
  /** Hex of `allowedMac`. */
  mac: string | null;
  type: string | null;
  datasetId: string | null;
  /** In ms since 1970. */
  expiresAt: number | null;
}

/** What a tenant adds to the rules of the product, in a form that goes to a thread at next to no cost. */
export interface OwnRules {
  /** Another one whenever anything of it is another. */
  id: string;
  /** JSON of `OwnType[]`. */
  types: string;
  /** JSON of `AllowedRule[]`. */
  allowed: string;
  /** The tenant's key for values that are allowed. A copy of the caller's own. */
  allowKey: Uint8Array;
}
