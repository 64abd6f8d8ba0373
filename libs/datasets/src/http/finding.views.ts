import { showId } from '#kernel';
import { canonicalOf } from '#pii';
import { showFinding } from '../findings/finding-key.ts';
import type { FindingFilter, FoundRow } from '../findings/finding.repository.ts';
import { RISKS } from '../statistics.ts';
import type { FindingsQuery } from './finding.schema.ts';

export function findingFilterFrom({ type, min_risk, status }: FindingsQuery): FindingFilter {
  return { type: type && canonicalOf(type), minRisk: min_risk && RISKS.indexOf(min_risk), status };
}

export function listedFindingView(row: FoundRow): object {
  const { branch_id: branchId, record_id: recordId, from_seq: fromSeq, ordinal } = row;
  return {
    id: showFinding({ branchId, recordId, fromSeq, ordinal }),
    dataset_id: showId('ds', row.dataset_id),
    record_id: showId('rec', recordId),
    type: row.type,
    path: row.path,
    start: row.start_offset,
    end: row.end_offset,
    confidence: Math.round(row.confidence * 100) / 100,
    risk_level: RISKS[row.risk],
    detector: row.detector,
    rule_version: row.rule_version,
    status: row.decision === null ? 'open' : row.decision === 'accept' ? 'accepted' : 'false_positive',
    decision: row.decision && {
      decision: row.decision,
      reason: row.reason,
      decided_by: showId('usr', row.decided_by!),
      decided_at: row.decided_at!.toISOString(),
      expires_at: row.expires_at?.toISOString() ?? null,
      version: row.version,
    },
  };
}
