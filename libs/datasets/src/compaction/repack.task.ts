import { packSegment } from '#crypto';

const HASH_BYTES = 32;

/** What a thread needs to seal records anew that were sealed and committed before. */
export interface RepackTask {
  kind: 'repack';
  tenantId: string;
  datasetId: string;
  segmentId: string;
  /** The segment's own data key. */
  key: Uint8Array;
  /** End to end, without newlines. */
  lines: Uint8Array;
  lengths: Uint32Array;
  salts: Uint8Array;
  /** What they were committed to by. */
  leaves: Uint8Array;
}

export interface Repacked {
  bytes: Uint8Array<ArrayBuffer>;
  blockOffsets: number[];
  noncePrefix: Uint8Array;
  plainBytes: number;
  places: { block: Uint32Array; position: Uint32Array };
}

/** Port. The threads, as compaction sees them. */
export interface RepackPool {
  run(task: RepackTask): Promise<Repacked>;
}

/** Runs to its end on a thread; overwrites the key it was given. */
export function repack(task: RepackTask): Repacked {
  try {
    return packed(task);
  } finally {
    task.key.fill(0);
  }
}

function packed({ tenantId, datasetId, segmentId, key, lines, lengths, salts, leaves }: RepackTask): Repacked {
  let at = 0;
  const each = Array.from(lengths, (length) => lines.subarray(at, (at += length)));
  const own = each.map((_, i) => salts.subarray(HASH_BYTES * i, HASH_BYTES * (i + 1)));
  const made = packSegment({ tenantId, datasetId, segmentId, key }, each, own);
  // What is not what was committed stays where it is, for whoever looks into that.
  if (!Buffer.from(made.leaves.buffer).equals(leaves)) throw new Error('records are not what was committed');
  const { bytes, blockOffsets, noncePrefix, plainBytes, places } = made;
  return { bytes: bytes as Uint8Array<ArrayBuffer>, blockOffsets, noncePrefix, plainBytes, places };
}
