import { isWordCode } from '../scan/characters.ts';
import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';
import { isCapitalCode, wordStart } from '../scan/word-start.ts';
import { MARKED } from './assigned.ts';

const GENDERS =
  'male|female|man|woman|boy|girl|non-?binary|genderqueer|agender|trans(?:gender)?(?: (?:man|woman))?|divers|männlich|weiblich|homme|femme|masculin|féminin|hombre|mujer|masculino|feminino|femenino|maschio|femmina|maschile|femminile|mężczyzna|kobieta|man|vrouw|he/him|she/her|they/them';
const GENDER = `(?:${GENDERS}|[MFWX])`;
const GROUP = '\\p{L}[\\p{L}-]{2,24}(?: \\p{Lu}[\\p{L}-]{2,24})?';

/** The word itself is the value. In languages that write these small they are adjectives of all kinds of things. */
function lookAtGroup(reading: Reading, end: number): void {
  const start = wordStart(reading, end);
  if (!isCapitalCode(reading.code(start)) || isWordCode(reading.code(end))) return;
  const why = 'a name of a group';
  reading.add({ type: 'NRP', start, end, confidence: 0.75, proof: 1, detector: 'nrp', why });
}

export const groups: Detector = {
  name: 'groups',
  types: ['GENDER', 'NRP'],
  words: { nrp: lookAtGroup },
  follows: [
    {
      type: 'GENDER',
      detector: 'gender',
      context: 'gender',
      pattern: new RegExp(`["']?\\s{0,2}(?:[:=]|is|ist|est|es)\\s{0,2}["']?(${GENDER})(?![\\p{L}\\d])`, 'iuy'),
      confidence: 0.9,
      whole: new RegExp(`^${GENDER}$`, 'i'),
    },
    {
      type: 'NRP',
      detector: 'nrp-by-context',
      context: 'nationality',
      pattern: new RegExp(`${MARKED}["']?(${GROUP})(?![\\p{L}\\d])`, 'uy'),
      confidence: 0.8,
      whole: new RegExp(`^${GROUP}$`, 'u'),
    },
  ],
};
