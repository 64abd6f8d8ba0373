import { Generator, type Labelled } from './generate.ts';

const NAMES = 1500;
const VALUES = 1500;

/** The texts that the engine is measured on: the same ones each time, from templates that nothing was learned from. */
export function heldOut(): Labelled[] {
  const names = new Generator(20_260, true);
  const values = new Generator(20_261, true);
  return [
    ...Array.from({ length: NAMES }, () => names.next()),
    ...Array.from({ length: VALUES }, () => values.value()),
  ];
}
