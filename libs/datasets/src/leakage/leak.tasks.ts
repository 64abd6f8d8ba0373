/** Which texts of different sides share a hash of one band. */
export interface LeakTask {
  kind: 'leak-candidates';
  hashes: Uint32Array;
  /** For each hash. */
  sides: Uint8Array;
}
export interface LeakResult {
  /** Places, one after the other; of each pair the one of the lower side first. */
  pairs: Uint32Array;
}

/** Port. The threads, as the search for leakage sees them. */
export interface LeakPool {
  run(task: LeakTask): Promise<LeakResult>;
}

export function isLeakTask(task: { kind: string }): task is LeakTask {
  return task.kind === 'leak-candidates';
}

/** On a thread. */
export function performLeakTask({ hashes, sides }: LeakTask): LeakResult {
  return { pairs: crossingIn(hashes, sides) };
}

/**
 * Pairs of places whose hashes are the same, and whose sides are not: each with the nearest before and behind it of every
 * higher side, so that a large bucket does not cost its square.
 */
export function crossingIn(hashes: Uint32Array, sides: Uint8Array): Uint32Array {
  // Sorted by hash, then by place: both fit into the 53 bits of a double.
  const sorted = Float64Array.from(hashes, (hash, place) => hash * 2 ** 21 + place).sort();
  const pairs: number[] = [];
  pairUp(sorted, sides, pairs);
  pairUp(sorted.reverse(), sides, pairs);
  return Uint32Array.from(pairs);
}

function pairUp(sorted: Float64Array, sides: Uint8Array, pairs: number[]): void {
  const last = new Map<number, number>();
  let current = -1;
  for (const each of sorted) {
    const hash = Math.floor(each / 2 ** 21);
    const place = each - hash * 2 ** 21;
    if (hash !== current) last.clear();
    current = hash;
    const side = sides[place]!;
    for (const [other, at] of last) if (other > side) pairs.push(place, at);
    last.set(side, place);
  }
}
