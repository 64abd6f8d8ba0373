import { flagsOf, IS_FIRST, IS_LAST, IS_ORGANIZATION, IS_PLACE, IS_WORD } from '../names/name-table.ts';
import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';

const SPACE = 32;
/** The rest of a handle whose marks stand apart goes with it: `maria _ k`. */
const HANDLE = / ([A-Za-z][A-Za-z0-9]{2,29})(?: ?_+ ?[A-Za-z0-9]+)*(?![\w@.-]*@)/y;
const HUMP = /^[A-Z][a-z]+/;
const MIN_SPELLED = 5;
const MIN_REST = 3;
const ADDRESSED = 0.6;
const SPELLED = 0.65;

/**
 * A mention cut into tokens, as corpora of posts have them: `@ someone`. Whoever is addressed at the beginning of a reply
 * is a person, and so is an account that is called by a first name and more. Elsewhere `@` stands for `at`.
 */
function lookAtMention(reading: Reading, at: number): number {
  if (reading.code(at + 1) !== SPACE || reading.code(at - 1) > SPACE) return at;
  HANDLE.lastIndex = at + 1;
  const match = HANDLE.exec(reading.text);
  const name = match?.[1];
  const end = HANDLE.lastIndex;
  if (name === undefined || end > reading.end) return at;
  const isAddressed = reading.isWhole(at, reading.end) && isNoWord(name);
  const confidence = isSpelled(name) ? SPELLED : isAddressed ? ADDRESSED : 0;
  if (confidence === 0) return at;
  const why = isAddressed ? 'addressed by a reply' : 'a handle with a first name';
  reading.add({ type: 'PERSON', start: at + 2, end, confidence, proof: 1, detector: 'mention', why });
  return at;
}

const isFirstName = (word: string): boolean => (flagsOf(word) & (IS_FIRST | IS_WORD)) === IS_FIRST;

function isNoWord(name: string): boolean {
  const flags = flagsOf(name);
  return (flags & (IS_FIRST | IS_LAST)) !== 0 || (flags & (IS_WORD | IS_PLACE | IS_ORGANIZATION)) === 0;
}

/** `NathanZed` and `rickygervais`: a first name, and not only that. */
function isSpelled(name: string): boolean {
  if (/[A-Z]/.test(name)) {
    const hump = HUMP.exec(name)?.[0] ?? '';
    return hump.length >= MIN_REST && hump.length < name.length && isFirstName(hump);
  }
  for (let length = name.length - MIN_REST; length >= MIN_SPELLED; length -= 1) {
    if (isFirstName(name.slice(0, length))) return true;
  }
  return false;
}

export const mention: Detector = { name: 'mention', types: ['PERSON'], looks: { '@': lookAtMention } };
