import { type Context, contextNumber, contextsOf, hashPair, hashStep } from './context.ts';
import { FOLD } from './fold.ts';

/** The word, or pair of words, of a context that stands last before a place, for who asks why something was found. */
export function contextWord(text: string, context: Context): { word: string; end: number } | null {
  const number = contextNumber(context);
  const words = [...text.matchAll(/\p{L}+/gu)];
  for (let i = words.length - 1; i >= 0; i -= 1) {
    const { 0: word, index } = words[i]!;
    const hash = hashOf(word);
    const end = index + word.length;
    if (contextsOf(hash)?.includes(number)) return { word, end };
    const before = words[i - 1];
    if (before && contextsOf(hashPair(hashOf(before[0]), hash))?.includes(number)) {
      return { word: `${before[0]} ${word}`, end };
    }
  }
  return null;
}

function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    hash = hashStep(hash, FOLD[code] ?? code);
  }
  return hash;
}
