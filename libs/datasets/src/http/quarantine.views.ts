import { showId } from '#kernel';
import { canonicalOf } from '#pii';
import type { AskDecision, Decided } from '../quarantine/decided.ts';
import type { QuarantineItem } from '../quarantine/quarantine-item.entity.ts';
import type { ItemFilter } from '../quarantine/quarantine.repository.ts';
import type { SeenItem } from '../quarantine/quarantine.service.ts';
import { RISKS } from '../statistics.ts';
import type { QuarantineDiscard, QuarantineFilter, QuarantineQuery } from './quarantine.schema.ts';
import { statusOf } from './record.views.ts';
import { findingView } from './views.ts';

export function itemFilterFrom({
  type,
  min_risk,
  branch,
  import_id: importId,
  status,
}: QuarantineFilter & Partial<Pick<QuarantineQuery, 'status'>>): ItemFilter {
  return { type: type && canonicalOf(type), minRisk: min_risk && RISKS.indexOf(min_risk), branch, importId, status };
}

export function askFrom({ ids, filter, reason }: QuarantineDiscard): AskDecision {
  return { chosen: ids ? { ids } : { filter: itemFilterFrom(filter ?? {}) }, reason };
}

export function itemView(item: QuarantineItem): object {
  return {
    id: showId('qi', item.id),
    record_id: showId('rec', item.recordId),
    branch: item.branch,
    action: item.action,
    based_on: item.basedOn,
    import_id: item.importId && showId('imp', item.importId),
    types: item.types,
    risk: RISKS[item.risk],
    status: item.status,
    created_by: showId('usr', item.createdBy),
    created_at: item.createdAt.toISOString(),
    reason: item.reason,
    decided_by: item.decidedBy && showId('usr', item.decidedBy),
    decided_at: item.decidedAt?.toISOString() ?? null,
    commit_id: item.releasedAs && showId('cm', item.releasedAs),
    anonymization: item.anonymization,
  };
}

export function seenItemView({ item, findings }: SeenItem): object {
  return { ...itemView(item), findings: findings.map(findingView) };
}

export function releasedView(decided: Decided): object {
  const commits = decided.commits.map(({ branch, commitId }) => ({ branch, commit_id: showId('cm', commitId) }));
  return { released: doneIn(decided), commits, ...decidedView(decided) };
}

export function discardedView(decided: Decided): object {
  return { discarded: doneIn(decided), ...decidedView(decided) };
}

function doneIn({ items }: Decided): number {
  return items.filter(({ refused }) => refused === null).length;
}

function decidedView({ items, hasMore }: Decided): object {
  return {
    has_more: hasMore,
    items: items.map(({ id, item, refused }) => ({
      id: showId('qi', id),
      record_id: item && showId('rec', item.recordId),
      status: refused ? statusOf(refused) : 200,
      code: refused && refused.wireCode,
    })),
  };
}
