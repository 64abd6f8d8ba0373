import type { PiiType } from './pii-type.ts';
import type { Risk } from './risk.ts';

/** Where something was found and how sure that is. Never the value itself: findings are stored and shown. */
export interface Finding {
  type: PiiType;
  /** From `start` up to, not including, `end`, in UTF-16 units. */
  start: number;
  end: number;
  /** From 0 to 1. */
  confidence: number;
  risk: Risk;
  detector: string;
  ruleVersion: number;
  /** Which rule, which check and which context, in words. Only when asked for. */
  explanation?: string;
  /** The entry of the allow list that lets it pass. Only when asked for: else such findings are left out. */
  allowed?: string;
}

/** A finding inside a JSON document. */
export interface JsonFinding extends Finding {
  /** RFC 6901 pointer to the value; a key that may itself be personal data is shown as `*`. */
  path: string;
}
