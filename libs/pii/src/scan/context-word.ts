import { type Context, contextNumber, contextsOf, hashPair, hashWord } from './context.ts';

/** The word, or pair of words, of a context that stands last before a place, for who asks why something was found. */
export function contextWord(text: string, context: Context): { word: string; end: number } | null {
  const number = contextNumber(context);
  const words = [...text.matchAll(/\p{L}+/gu)];
  for (let i = words.length - 1; i >= 0; i -= 1) {
    const { 0: word, index } = words[i]!;
    const hash = hashWord(word);
    const end = index + word.length;
    if (contextsOf(hash)?.includes(number)) return { word, end };
    const before = words[i - 1];
    if (before && contextsOf(hashPair(hashWord(before[0]), hash))?.includes(number)) {
      return { word: `${before[0]} ${word}`, end };
    }
  }
  return null;
}
