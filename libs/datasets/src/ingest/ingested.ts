import { MerkleTree } from '#crypto';
import { emptyStatistics, type Statistics } from '../statistics.ts';
import type { LineError } from './line-error.ts';

/** What came of a file. */
export interface Ingested {
  /** Of what is not held back. */
  statistics: Statistics;
  /** Accepted, and held back by a gate. */
  quarantined: number;
  leaves: MerkleTree;
  /** Of the dataset, by which each record was looked at. */
  schemaVersion: number;
  rejected: number;
  errors: LineError[];
  anonymized: Map<string, number>;
  residual: number;
}

export function nothingIngested(): Ingested {
  return {
    statistics: emptyStatistics(),
    quarantined: 0,
    leaves: new MerkleTree(),
    schemaVersion: 0,
    rejected: 0,
    errors: [],
    anonymized: new Map(),
    residual: 0,
  };
}
