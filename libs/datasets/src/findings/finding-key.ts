import { bytesToUuid, uuidToBytes } from '#kernel';

/** Which finding: of which version of a record, and which of those. */
export interface FindingKey {
  branchId: string;
  recordId: string;
  fromSeq: number;
  ordinal: number;
}

const PREFIX = 'fnd_';
const BYTES = 42;

/** A finding has no id of its own, as there are so many: it is called by its place. */
export function showFinding({ branchId, recordId, fromSeq, ordinal }: FindingKey): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.set(uuidToBytes(branchId));
  bytes.set(uuidToBytes(recordId), 16);
  bytes.writeUIntBE(fromSeq, 32, 6);
  bytes.writeUInt32BE(ordinal, 38);
  return PREFIX + bytes.toString('base64url');
}

/** Null for what is no such name; exactly one spelling is one. */
export function parseFinding(text: string): FindingKey | null {
  if (!text.startsWith(PREFIX)) return null;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  if (bytes.length !== BYTES) return null;
  const key = {
    branchId: bytesToUuid(bytes.subarray(0, 16)),
    recordId: bytesToUuid(bytes.subarray(16, 32)),
    fromSeq: bytes.readUIntBE(32, 6),
    ordinal: bytes.readUInt32BE(38),
  };
  return showFinding(key) === text && key.ordinal <= 0x7fffffff ? key : null;
}
