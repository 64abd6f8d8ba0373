import type { Balances } from './balances.ts';
import type { Leaks } from './leaks.ts';
import type { Nears } from './nears.ts';
import type { Repeats } from './repeats.ts';

/** Who watches what comes, each for what it knows. */
export interface Watching {
  repeats: Pick<Repeats, 'watch'>;
  nears: Pick<Nears, 'watch'>;
  leaks: Pick<Leaks, 'watch'>;
  balances: Pick<Balances, 'watch'>;
}
