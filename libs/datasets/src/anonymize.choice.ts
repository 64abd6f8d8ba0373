import type { AnonymizationChoice } from '#pii-rules';
import type { AnonymizeTask } from './ingest/segment.task.ts';

/** What was asked for, as threads take it. */
export function anonymizeTask(
  fromDatasetId: string,
  { strategy, strategies, types, scanTypes, minConfidence }: Omit<AnonymizationChoice, 'policy'>,
): Omit<AnonymizeTask, 'hashKey'> {
  // They were checked when this was asked for; a type that was taken away since is found no more.
  const ownTypes = [...Object.keys(strategies), ...(types ?? [])];
  return { fromDatasetId, scanTypes, minConfidence, strategy, strategies, types, ownTypes };
}
