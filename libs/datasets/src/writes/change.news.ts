import type { AuditedAct } from '#audit';
import { currentContext, showId } from '#kernel';
import type { Branch } from '../branch.entity.ts';
import type { Commit } from '../commit.entity.ts';
import type { Draft } from './change.ts';
import { countOf } from './change.totals.ts';

type Place = Pick<Branch, 'id' | 'datasetId'>;

/** What the audit says of commits and of each change in them; each draft has its commit. */
export function actsOf(branch: Place, drafts: readonly Draft[], commits: readonly Commit[]): AuditedAct[] {
  const dataset = showId('ds', branch.datasetId);
  const ids = commits.map(({ id }) => showId('cm', id));
  const acts = drafts.flatMap(({ author, acts: done }, i) =>
    done.map(({ action, recordId, context }) => ({
      actor: author,
      entry: { action, resource: showId('rec', recordId), details: { dataset, commit: ids[i]! } },
      context,
    })),
  );
  const made = drafts.map(({ author, changes, acts: [first] }, i) => ({
    actor: author,
    entry: {
      action: 'commit.create',
      resource: dataset,
      details: { commit: ids[i]!, branch: branch.id, ...countOf(changes) },
    },
    context: first ? first.context : currentContext(),
  }));
  return [...acts, ...made];
}

/** What whoever wants to be told of commits hears. */
export function payloadsOf(
  branch: Place,
  drafts: readonly Draft[],
  commits: readonly Commit[],
): Record<string, unknown>[] {
  const dataset = showId('ds', branch.datasetId);
  return drafts.map(({ changes }, i) => ({
    dataset_id: dataset,
    commit: showId('cm', commits[i]!.id),
    ...countOf(changes),
  }));
}
