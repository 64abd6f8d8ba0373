import type { PiiType } from '../pii-type.ts';
import type { Context } from './context.ts';
import type { NumberRun } from './number-run.ts';
import type { Reading } from './reading.ts';

/** Digits of a known count with a check of their own. Looked at for each run of that many digits. */
export interface NumberRule {
  type: PiiType;
  detector: string;
  counts: readonly number[];
  /** Whether the digits from `at` on can be such a number. */
  check: (digits: Uint8Array, at: number) => boolean;
  context: readonly Context[];
  /** Lengths of the groups as it is usually written, such as `3-2-4`, and the joint between them. */
  shape?: RegExp;
  /** Confidence in the usual shape without context; 0 or nothing: not reported. */
  shaped?: number;
  /** Confidence without shape and context. */
  alone?: number;
  inContext: number;
  /** Confidence in the usual shape where the context says so too; `inContext` without it. */
  shapedInContext?: number;
  /** The check says so little that even a value on its own is not believed. */
  isWeak?: boolean;
}

/** Letters and digits of a known form. Looked at where a word of letters and digits begins. */
export interface CodeRule {
  type: PiiType;
  detector: string;
  /** Sticky. What it matches is the value. */
  pattern: RegExp;
  /** How many letters and digits stand before the first other character. */
  firstLengths: readonly number[];
  check?: (value: string) => boolean;
  /** A check that also says how much of what was matched is the value; 0 for nothing. */
  length?: (value: string) => number;
  context: readonly Context[];
  alone?: number;
  inContext: number;
  /** Its check says so much that nothing else is looked for inside of it. */
  isSure?: boolean;
}

/** A value known by the word before it: `password: …`. Looked at where a word of the context ends. */
export interface FollowRule {
  type: PiiType;
  detector: string;
  context: Context;
  /** Sticky, from the end of the word; the value is group 1. */
  pattern: RegExp;
  check?: (value: string, reading: Reading, start: number) => boolean;
  confidence: number;
  /** Under a JSON key of the context the whole value is taken when it matches this. */
  whole?: RegExp;
}

/** A token known by how it begins. */
export interface PrefixRule {
  type: PiiType;
  detector: string;
  prefix: string;
  /** Sticky, from the first character of the prefix. */
  pattern: RegExp;
  check?: (value: string) => boolean;
  /** A checksum of its own, which some vendors' keys have and older ones of the same form do not. */
  isSure?: (value: string) => boolean;
  confidence: number;
  /** Its pattern reads thousands of characters, and is tried a few times only in what is written in one piece. */
  isLong?: boolean;
}

/** Looks around a character of the text; gives back where reading goes on, or `at` when there was nothing. */
export type Look = (reading: Reading, at: number) => number;
export type LookAtRun = (reading: Reading, run: NumberRun) => void;

/** Looks around a word of context that ends at a place of the text: where the word itself is a value, or in the midst of one. */
export type LookAtWord = (reading: Reading, end: number) => void;

/** One kind of personal data, or a family of them that is recognised in one way. */
export interface Detector {
  name: string;
  types: readonly PiiType[];
  numbers?: readonly NumberRule[];
  codes?: readonly CodeRule[];
  follows?: readonly FollowRule[];
  prefixes?: readonly PrefixRule[];
  run?: LookAtRun;
  /** Called for a few digits with a letter behind them. */
  shortCode?: (reading: Reading, start: number) => void;
  /** By the context of the word that calls for it. */
  words?: Readonly<Partial<Record<Context, LookAtWord>>>;
  /** By the character that calls for it. */
  looks?: Readonly<Record<string, Look>>;
}
