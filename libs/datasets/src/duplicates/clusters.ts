export const KEEPS = ['first', 'longest', 'newest'] as const;
export type Keep = (typeof KEEPS)[number];

/** Union-find with halved paths; the root of a set is its first member. */
export class Clusters {
  readonly #parents: Uint32Array;

  constructor(size: number) {
    this.#parents = Uint32Array.from({ length: size }, (_, i) => i);
  }

  rootOf(member: number): number {
    let at = member;
    while (this.#parents[at] !== at) at = this.#parents[at] = this.#parents[this.#parents[at]!]!;
    return at;
  }

  unite(a: number, b: number): void {
    const [left, right] = [this.rootOf(a), this.rootOf(b)];
    this.#parents[Math.max(left, right)] = Math.min(left, right);
  }

  /** Those of more than one, members in ascending order. */
  all(): number[][] {
    const members = new Map<number, number[]>();
    this.#parents.forEach((_, i) => {
      const root = this.rootOf(i);
      const known = members.get(root);
      if (known) known.push(i);
      else members.set(root, [i]);
    });
    return [...members.values()].filter(({ length }) => length > 1);
  }
}

/** Which of a cluster stays. Members are in the order they came in. */
export function keptOf(members: readonly number[], keep: Keep, lengths: ArrayLike<number>): number {
  if (keep === 'first') return members[0]!;
  if (keep === 'newest') return members.at(-1)!;
  return members.reduce((best, each) => (lengths[each]! > lengths[best]! ? each : best));
}
