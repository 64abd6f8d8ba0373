import { FEATURE_BITS, type NameFeatures } from './name-features.ts';
import type { NameJudge } from './name-judge.ts';
import { WEIGHT_UNIT, WEIGHTS } from './name-weights.ts';

/** A linear model over what speaks for a name, trained by scripts/pii-train.ts. */
export class NameModel implements NameJudge {
  readonly #weights = new Int8Array(Buffer.from(WEIGHTS, 'base64'));

  constructor() {
    if (this.#weights.length !== 1 << FEATURE_BITS) throw new RangeError('weights of another form');
  }

  judge({ at, count }: NameFeatures): number {
    const weights = this.#weights;
    let sum = 0;
    for (let i = 0; i < count; i += 1) sum += weights[at[i] ?? 0] ?? 0;
    return sum * WEIGHT_UNIT;
  }
}

let shared: NameModel | null = null;

/** Made once, when the first scanner asks for names. */
export function nameModel(): NameModel {
  return (shared ??= new NameModel());
}
