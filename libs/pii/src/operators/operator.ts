import type { OperatorKeys } from './operator-keys.ts';

/** What may be said of how an operator works: one of some words, or a whole number from `min` to `max`. */
export interface OperatorOption {
  name: string;
  description: string;
  values?: readonly string[];
  min?: number;
  max?: number;
  /** Null where leaving it out is something of its own. */
  default: string | number | null;
}

export type Options = Readonly<Record<string, string | undefined>>;

/** What an operator works with beside the value. */
export interface Means {
  keys: OperatorKeys;
  /** Those that were said, checked. */
  options: Options;
}

/** One way of taking a value out of a text. */
export interface Operator {
  name: string;
  description: string;
  /** Whether someone with the right key can bring the value back. */
  reversible: boolean;
  /** Whether what it writes depends on a key, so that without one there is nothing to guess by. */
  keyed: boolean;
  options: readonly OperatorOption[];
  /** Whether what it writes may look like a value: then it is left alone where it stands when the output is scanned again. */
  looksReal: (options: Options) => boolean;
  apply: (type: string, value: string, means: Means) => string;
}

export const never = (): boolean => false;
export const always = (): boolean => true;
