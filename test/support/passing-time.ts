// For what is promised within some seconds, on machines that may stand still for as long at any moment.

const TRIES = 5;

/** Does a thing until it took less than `enough` ms, and gives that: one that is too slow by itself is so each time. */
export async function leastOf(enough: number, measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < TRIES && least >= enough; run += 1) least = Math.min(least, await measure());
  return least;
}

/**
 * Gives something until a moment soon, and looks that it holds before: again, and for longer, where the machine was too
 * slow to look in time. It gives that moment, and how often it was tried.
 */
export async function untilSoon(
  give: (until: string) => Promise<unknown>,
  holds: () => Promise<boolean>,
): Promise<{ until: Date; tries: number }> {
  for (let tries = 1, ms = 1500; tries <= TRIES; tries += 1, ms *= 2) {
    const until = new Date(Date.now() + ms);
    await give(until.toISOString());
    const held = await holds();
    if (held) return { until, tries };
    if (new Date() < until) throw new Error('what was given does not hold');
  }
  throw new Error('there was no time to look');
}
