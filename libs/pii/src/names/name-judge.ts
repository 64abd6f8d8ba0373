import type { NameFeatures } from './name-features.ts';

/** Says how likely a word is part of a name: as log odds, above 0 for more likely than not. */
export interface NameJudge {
  judge(features: NameFeatures, start: number, end: number): number;
}
