import { showId } from '#kernel';
import type { Branch } from '../branch.entity.ts';
import type { Commit } from '../commit.entity.ts';
import { type CommitSignature, keyFingerprint } from '../commit-signature.ts';
import { emptyStatistics, RISKS } from '../statistics.ts';
import type { Tag } from '../tag.entity.ts';
import type { RecordDifference } from '../versions/differences.service.ts';
import { etagOf } from '../writes/write.ts';
import type { PiiDrift } from './pii-chart.ts';
import { countsView } from './views.ts';

export function branchView({ name, headCommitId, base, createdAt, ...branch }: Branch): object {
  return {
    name,
    head_commit_id: showId('cm', headCommitId),
    begins_at: base[0] ? showId('cm', base[0].commitId) : null,
    protected: branch.isProtected,
    required_approvals: branch.requiredApprovals,
    created_at: createdAt.toISOString(),
  };
}

export function tagView({ name, commitId, message, createdBy, createdAt }: Tag): object {
  return {
    name,
    commit_id: showId('cm', commitId),
    message,
    created_by: showId('usr', createdBy),
    created_at: createdAt.toISOString(),
  };
}

function signatureView({ publicKey, signature, signedAt }: CommitSignature): object {
  const key = { public_key: publicKey, key_fingerprint: keyFingerprint(publicKey) };
  return { algorithm: 'Ed25519', ...key, signature, signed_at: signedAt };
}

export function commitView(commit: Commit): object {
  return {
    id: showId('cm', commit.id),
    parent_ids: commit.parentIds.map((id) => showId('cm', id)),
    author_id: showId('usr', commit.authorId),
    message: commit.message,
    merkle_root: commit.merkleRoot?.toString('hex'),
    hash: commit.hash?.toString('hex'),
    added: commit.changes?.added ?? 0,
    changed: commit.changes?.changed ?? 0,
    removed: commit.changes?.removed ?? 0,
    records: commit.statistics?.records ?? 0,
    statistics: countsView(commit),
    signature: commit.signature && signatureView(commit.signature),
    published_at: commit.publishedAt?.toISOString(),
  };
}

export function differenceView({ recordId, change, from, to, fields }: RecordDifference): object {
  return {
    id: showId('rec', recordId),
    change,
    from_version: from && etagOf(from),
    to_version: to && etagOf(to),
    fields,
  };
}

/** What the statistics of two commits tell of the personal data in them: nothing else is read. */
export function piiDiffView(from: Commit, to: Commit): PiiDrift {
  const [before, now] = [from, to].map(({ statistics }) => (statistics ?? emptyStatistics()).findingsByType);
  const types = [...new Set([...Object.keys(before!), ...Object.keys(now!)])].sort();
  return {
    from: sideView(from),
    to: sideView(to),
    types: types.map((type) => {
      const [was, is] = [before![type] ?? 0, now![type] ?? 0];
      return { type, from: was, to: is, change: driftOf(was, is) };
    }),
  };
}

function driftOf(was: number, is: number): string {
  if (was === is) return 'same';
  if (was === 0 || is === 0) return was === 0 ? 'new' : 'gone';
  return is > was ? 'more' : 'fewer';
}

function sideView({ id, statistics }: Commit): PiiDrift['from'] & { records: number; records_by_risk: object } {
  const { records, recordsByRisk } = statistics ?? emptyStatistics();
  const risk = RISKS.findLast((name) => (recordsByRisk[name] ?? 0) > 0) ?? 'none';
  return { commit_id: showId('cm', id), records, risk_level: risk, records_by_risk: recordsByRisk };
}
