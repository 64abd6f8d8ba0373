import { MerkleTree } from '#crypto';
import { emptyStatistics, type Statistics } from '../statistics.ts';
import type { LineError } from './line-error.ts';

/** What came of a file. */
export interface Ingested {
  statistics: Statistics;
  leaves: MerkleTree;
  rejected: number;
  errors: LineError[];
  anonymized: Map<string, number>;
  residual: number;
}

export function nothingIngested(): Ingested {
  return {
    statistics: emptyStatistics(),
    leaves: new MerkleTree(),
    rejected: 0,
    errors: [],
    anonymized: new Map(),
    residual: 0,
  };
}
