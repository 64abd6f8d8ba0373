import { eventText } from '#audit-chain';
import type { ChainReport } from '../chain.verification.ts';
import type { SignedCheckpoint } from '../checkpoint.repository.ts';
import type { ListedEvent } from '../event.repository.ts';

/** The very text that is hashed, and its place beside it. */
export function eventView(event: ListedEvent): object {
  return { ...(JSON.parse(eventText(event)) as object), seq: event.seq, hash: event.hash };
}

export function checkpointView({ checkpoint, signature }: SignedCheckpoint): object {
  return { ...checkpoint, signature };
}

export function verificationView({ firstBadSeq, ...report }: ChainReport): object {
  return { ...report, first_bad_seq: firstBadSeq };
}

export interface PublicKeyView {
  id: string;
  use: 'audit';
  algorithm: 'Ed25519';
  /** PEM. */
  public_key: string;
}

export function keyView({ id, publicKey }: { id: string; publicKey: Uint8Array }): PublicKeyView {
  const lines =
    Buffer.from(publicKey)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
  return { id, use: 'audit', algorithm: 'Ed25519', public_key: pem };
}
