import type { Layer } from '../layers.ts';
import type { StoredVersion } from '../record-version.entity.ts';

/** Records that should have nothing in common with those of other sides. */
export interface Side {
  layers: readonly Layer[];
  records: number;
}

/** Records seen through some layers, and which side each is on. */
export interface Scope {
  layers: readonly Layer[];
  records: number;
  sideOf: (row: StoredVersion) => number | undefined;
}

export interface Sides {
  scopes: Scope[];
  /** Of each side. */
  layers: (readonly Layer[])[];
}

export const MOST_SPLITS = 20;
/** More than there may be, to be counted in with something else in one number. */
export const SIDES = 32;

/** Splits of one commit, the smallest first: of two, the records of the smaller are told. */
export function splitSides(layers: readonly Layer[], records: number, names: readonly string[]): Sides {
  const sides = new Map(names.map((name, i) => [name, i]));
  const sideOf = ({ split }: StoredVersion): number | undefined => (split === null ? undefined : sides.get(split));
  return { scopes: [{ layers, records, sideOf }], layers: names.map(() => layers) };
}

/** All records of one commit, and all of another. */
export function commitSides(own: Side, others: Side): Sides {
  return {
    scopes: [own, others].map((side, i) => ({ ...side, sideOf: () => i })),
    layers: [own.layers, others.layers],
  };
}
