import { hash } from 'node:crypto';

/** A signed remark: at this time the chain had so many entries, and this was the hash of the last. */
export interface Checkpoint {
  tenant: string;
  /** 1, 2, 3 … */
  number: number;
  /** How many entries there were: the seq of the last. */
  count: number;
  head: string;
  at: string;
  /** Hash of the checkpoint before, so that the newest one vouches for all. */
  previous: string;
  /** Which key signs it. */
  key: string;
}

const LABEL = 'ldv-audit-checkpoint/1';

/** What stands for the checkpoint before the first. */
export function noCheckpoint(tenant: string): string {
  return hash('sha256', `${LABEL}\nnone\n${tenant}\n`, 'hex');
}

function checkpointText({ tenant, number, count, head, at, previous, key }: Checkpoint): string {
  return JSON.stringify({ tenant, number, count, head, at, previous, key });
}

export function checkpointHash(checkpoint: Checkpoint): string {
  return hash('sha256', `${LABEL}\n${checkpointText(checkpoint)}\n`, 'hex');
}

/** What is signed. The label keeps a signature from being taken for one of something else. */
export function signedBytesOfCheckpoint(checkpoint: Checkpoint): Uint8Array {
  return Buffer.from(`${LABEL}\n${checkpointText(checkpoint)}\n`);
}

export function checkpointLine(checkpoint: Checkpoint, signature: string): string {
  return `{"checkpoint":${checkpointText(checkpoint)},"signature":"${signature}"}`;
}

/** The checkpoint a line holds; null when it is not written exactly as `checkpointLine` does. */
export function parseCheckpoint(line: string): { checkpoint: Checkpoint; signature: string } | null {
  try {
    const { checkpoint, signature } = JSON.parse(line) as { checkpoint: Checkpoint; signature: string };
    return checkpointLine(checkpoint, signature) === line ? { checkpoint, signature } : null;
  } catch {
    return null;
  }
}
