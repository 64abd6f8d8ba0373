import type { Span } from './own/linear-matcher.ts';

/** Which of a list in order is the last that begins at a place or before it; -1 for none. */
export function lastUpTo(list: readonly { start: number }[], at: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.start <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where in an output stands what was put there and may look like a value, so that it is not taken for one. */
export class Surrogates {
  readonly #spans = new Map<number, readonly Span[]>();

  /** `token` is where the JSON string begins that they stand in, 0 for a text; they are in order, none over another. */
  add(token: number, spans: readonly Span[]): void {
    if (spans.length > 0) this.#spans.set(token, spans);
  }

  in(token: number): readonly Span[] {
    return this.#spans.get(token) ?? [];
  }

  /** Findings in a token that are not in one of ours: what reaches beyond may be a value. */
  beside<T extends Span>(token: number, findings: readonly T[]): readonly T[] {
    const spans = this.#spans.get(token);
    if (!spans) return findings;
    return findings.filter(({ start, end }) => {
      const span = spans[lastUpTo(spans, start)];
      return !span || end > span.end;
    });
  }

  /** Takes over those of tokens that `moved` has a new place for. */
  carry(from: Surrogates, moved: (token: number) => number | null): void {
    for (const [token, spans] of from.#spans) {
      const place = moved(token);
      if (place !== null) this.#spans.set(place, spans);
    }
  }
}
