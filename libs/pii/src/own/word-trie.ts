import { isWordCode } from '../scan/characters.ts';
import { FOLD } from '../scan/fold.ts';
import type { Span } from './linear-matcher.ts';

interface Node {
  next: Map<number, Node>;
  isEnd: boolean;
}

function node(): Node {
  return { next: new Map(), isEnd: false };
}

/** A list of words and phrases, looked up wherever a word begins; the longest counts. Whole words only. */
export class WordTrie {
  readonly #root = node();
  readonly #isCaseSensitive: boolean;

  constructor(words: Iterable<string>, isCaseSensitive: boolean) {
    this.#isCaseSensitive = isCaseSensitive;
    for (const word of words) this.#add(word);
  }

  #add(word: string): void {
    let at = this.#root;
    for (let i = 0; i < word.length; i += 1) {
      const code = this.#code(word.charCodeAt(i));
      const next = at.next.get(code) ?? node();
      at.next.set(code, next);
      at = next;
    }
    at.isEnd = at !== this.#root;
  }

  find(text: string): Span[] {
    const spans: Span[] = [];
    let wasWord = false;
    for (let at = 0; at < text.length; at += 1) {
      const isWord = isWordCode(text.charCodeAt(at));
      const end = wasWord && isWord ? 0 : this.#endFrom(text, at);
      if (end > 0) {
        spans.push({ start: at, end });
        at = end - 1;
        wasWord = isWordCode(text.charCodeAt(at));
      } else wasWord = isWord;
    }
    return spans;
  }

  /** Whether one of the words is anywhere in the text. */
  isIn(text: string): boolean {
    return this.find(text).length > 0;
  }

  #endFrom(text: string, start: number): number {
    let at: Node | undefined = this.#root;
    let end = 0;
    for (let i = start; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      at = at.next.get(this.#code(code));
      if (!at) break;
      if (at.isEnd && !(isWordCode(code) && isWordCode(text.charCodeAt(i + 1)))) end = i + 1;
    }
    return end;
  }

  #code(code: number): number {
    return this.#isCaseSensitive ? code : (FOLD[code] ?? code);
  }
}
