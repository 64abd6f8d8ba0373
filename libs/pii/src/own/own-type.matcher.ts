import type { Finding } from '../finding.ts';
import { normalize } from '../scan/normalize.ts';
import { LinearMatcher, type Span } from './linear-matcher.ts';
import type { OwnType } from './own-rules.ts';
import { WordTrie } from './word-trie.ts';

/** How far from a value a word of its context may stand, before and behind it. */
const BEFORE = 64;
const BEHIND = 32;
const LIFT = 0.3;
const MOST = 0.99;
const DETECTOR = 'own-type';

/** Finds what one type of a tenant describes. */
export class OwnTypeMatcher {
  readonly type: OwnType;
  readonly #words: WordTrie | null;
  readonly #patterns: LinearMatcher[];
  readonly #context: WordTrie;

  /** @throws PatternUnsupported */
  constructor(type: OwnType) {
    this.type = type;
    this.#words = type.words.length > 0 ? new WordTrie(type.words, type.isCaseSensitive) : null;
    this.#patterns = type.patterns.map((pattern) => new LinearMatcher(pattern, type.isCaseSensitive));
    this.#context = new WordTrie(type.context, false);
  }

  get ways(): number {
    return this.#patterns.reduce((sum, { ways }) => sum + ways, 0);
  }

  /** Findings in a text as it stands in `normalize`; `key` is the key of JSON whose value the text is. */
  find(text: string, key: string, explain: boolean): Finding[] {
    const found = this.#words?.find(text).map((span) => this.#finding(text, span, key, explain && 'its list')) ?? [];
    for (const [i, pattern] of this.#patterns.entries()) {
      for (const span of pattern.find(text)) {
        found.push(this.#finding(text, span, key, explain && `its pattern ${i + 1}`));
      }
    }
    return found;
  }

  #finding(text: string, { start, end }: Span, key: string, why: string | false): Finding {
    const { name, risk, score, version } = this.type;
    const isNear = this.#isNear(text, start, end, key);
    return {
      type: name,
      start,
      end,
      confidence: Math.round((isNear ? Math.min(MOST, score + LIFT) : score) * 100) / 100,
      risk,
      detector: DETECTOR,
      ruleVersion: version,
      ...(why && { explanation: `rule ${DETECTOR}: ${why}${isNear ? ', and its context says so' : ''}` }),
    };
  }

  #isNear(text: string, start: number, end: number, key: string): boolean {
    if (this.type.context.length === 0) return false;
    return (
      this.#context.isIn(wordsOf(key)) ||
      this.#context.isIn(text.slice(Math.max(0, start - BEFORE), start)) ||
      this.#context.isIn(text.slice(end, end + BEHIND))
    );
  }
}

/** `employeeId`, `employee_id` and `employee-id` are two words each. */
function wordsOf(key: string): string {
  return key.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replaceAll(/[_.-]/g, ' ');
}

/** What several types find in one text, in the places of the text as it is. */
export function ownFindings(
  matchers: readonly OwnTypeMatcher[],
  text: string,
  key: string,
  explain: boolean,
): Finding[] {
  const { text: plain, places } = normalize(text);
  const found = matchers.flatMap((matcher) => matcher.find(plain, key, explain));
  if (!places) return found;
  return found.map((finding) => ({
    ...finding,
    start: places[finding.start]!,
    end: places[finding.end - 1]! + 1,
  }));
}
