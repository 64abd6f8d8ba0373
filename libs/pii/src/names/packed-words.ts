/** Words follow each other as how much they keep of the one before, and the rest. */
export function* unpacked(packed: string): Generator<string> {
  let word = '';
  for (const entry of packed.split(' ')) {
    word = word.slice(0, Number.parseInt(entry.charAt(0), 36)) + entry.slice(1);
    yield word;
  }
}

/** Letters without their accents, for who writes names without them. */
export function withoutMarks(word: string): string {
  return word.normalize('NFD').replaceAll(/\p{M}/gu, '');
}
