// key-rotation: which key wraps what, and wrapping anew under the current ones. No record is encrypted again.
export { KeyCensus } from './key.census.ts';
export type { Census } from './key.census.ts';
export { KeyRewrapping } from './key.rewrapping.ts';
export type { Rewrapped } from './key.rewrapping.ts';
