import type { Clock } from '#kernel';
import { mergeReports, type RateLimitReport, topOf, WINDOW_MS } from './rate-limit.report.ts';

const SLOT_MS = 5000;
const SLOTS = WINDOW_MS / SLOT_MS;
/** Refused callers told apart within a slot: a flood of addresses must not fill the memory. */
const MOST_KEYS = 1000;

interface Slot {
  /** Which five seconds since 1970 it holds. */
  number: number;
  classes: RateLimitReport['classes'];
  refused: Map<string, number>;
}

/** What this process let pass and refused in the last minute. */
export class RateLimitTally {
  private readonly clock: Clock;
  private readonly ring: Slot[] = Array.from({ length: SLOTS }, () => emptySlot(-1));

  constructor(clock: Clock) {
    this.clock = clock;
  }

  allowed(limit: string): void {
    countsOf(this.slot(), limit).allowed += 1;
  }

  limited(limit: string, caller: string): void {
    const slot = this.slot();
    countsOf(slot, limit).limited += 1;
    const key = `${limit}:${caller}`;
    const before = slot.refused.get(key);
    if (before === undefined && slot.refused.size >= MOST_KEYS) return;
    slot.refused.set(key, (before ?? 0) + 1);
  }

  report(): RateLimitReport {
    const now = this.now();
    const live = this.ring.filter(({ number }) => number > now - SLOTS && number <= now);
    const refused = new Map<string, number>();
    for (const slot of live) for (const [key, n] of slot.refused) refused.set(key, (refused.get(key) ?? 0) + n);
    const { classes } = mergeReports(live.map((slot) => ({ classes: slot.classes, top: [] })));
    return { classes, top: topOf(refused) };
  }

  private now(): number {
    return Math.floor(this.clock.now().getTime() / SLOT_MS);
  }

  private slot(): Slot {
    const number = this.now();
    const slot = this.ring[number % SLOTS]!;
    if (slot.number === number) return slot;
    return (this.ring[number % SLOTS] = emptySlot(number));
  }
}

function emptySlot(number: number): Slot {
  return { number, classes: {}, refused: new Map() };
}

function countsOf(slot: Slot, limit: string): { allowed: number; limited: number } {
  return (slot.classes[limit] ??= { allowed: 0, limited: 0 });
}
