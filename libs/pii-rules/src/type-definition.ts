import { LinearMatcher, ownFindings, type OwnType, OwnTypeMatcher, PatternUnsupported, RISKS } from '#pii';
import type { Issue } from '#kernel';
import type { CustomType } from './custom-type.entity.ts';
import { CustomTypeExamples } from './pii-rules.errors.ts';

/** What of a type says how it is found. */
export interface TypeDefinition {
  words: string[];
  patterns: string[];
  context: string[];
  score: number;
  isCaseSensitive: boolean;
  examples: { match: string[]; noMatch: string[] };
}

/** A type with its definition opened. */
export interface DescribedType {
  type: CustomType;
  definition: TypeDefinition;
}

export function ownTypeOf(
  { name, risk, version }: Pick<CustomType, 'name' | 'risk' | 'version'>,
  definition: TypeDefinition,
): OwnType {
  const { words, patterns, context, score, isCaseSensitive } = definition;
  return { name, risk: RISKS[risk]!, score, isCaseSensitive, words, patterns, context, version };
}

/**
 * Tries a type on its own examples, and gives what a character of a text may cost with it.
 *
 * @throws PatternUnsupported, CustomTypeExamples, both with the places of what is wrong
 */
export function tried(type: OwnType, { match, noMatch }: TypeDefinition['examples'], minConfidence: number): number {
  type.patterns.forEach((pattern, i) => tryPattern(pattern, type.isCaseSensitive, i));
  const matcher = new OwnTypeMatcher(type);
  const isFound = (text: string): boolean =>
    ownFindings([matcher], text, '', false).some(({ confidence }) => confidence >= minConfidence);
  const issues: Issue[] = [];
  match.forEach((text, i) => {
    if (!isFound(text)) issues.push({ pointer: `/examples/match/${i}`, detail: 'Nothing of the type is found in it' });
  });
  noMatch.forEach((text, i) => {
    if (isFound(text))
      issues.push({ pointer: `/examples/no_match/${i}`, detail: 'Something of the type is found in it' });
  });
  if (issues.length > 0) throw new CustomTypeExamples().with({ issues });
  return matcher.ways;
}

function tryPattern(pattern: string, isCaseSensitive: boolean, index: number): void {
  try {
    new LinearMatcher(pattern, isCaseSensitive);
  } catch (error) {
    if (!(error instanceof PatternUnsupported)) throw error;
    throw error.with({ issues: [{ pointer: `/patterns/${index}`, detail: error.message }] });
  }
}
