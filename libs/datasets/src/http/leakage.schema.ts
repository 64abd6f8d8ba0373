import { z } from 'zod';
import { showId } from '#kernel';
import { sentId } from '#rest';
import type { Leak } from '../leakage/leak.entity.ts';
import { DuplicateSearch } from './duplicate.schema.ts';
import { KeyPlace } from './split.schema.ts';
import { pageOf, Ref } from './wire.ts';

const { ref, pointer, threshold, shingles } = DuplicateSearch.shape;

export const LeakageSearch = z
  .strictObject({
    ref,
    pointer,
    threshold,
    shingles,
    key: KeyPlace.nullable()
      .default(null)
      .describe('What records of different splits should not share: external_id, source, metadata.… or a JSON Pointer'),
    against: z
      .strictObject({ dataset_id: sentId('ds'), ref: Ref })
      .nullable()
      .default(null)
      .describe('Compare all records to those of another dataset or ref, as of a test set that is guarded'),
  })
  .meta({ id: 'LeakageSearch', example: { pointer: '', threshold: 0.85 } });
export type LeakageSearch = z.infer<typeof LeakageSearch>;

const LeakView = z
  .object({
    record_id: z.string().describe('In the smaller of the two splits'),
    split: z.string().nullable(),
    other_id: z.string().describe('One of those in the other split that it has this in common with'),
    other_split: z.string().nullable(),
    kind: z.enum(['exact', 'near', 'key']),
    similarity: z.number().nullable().describe('Of the two texts: 0 to 1; null where they share a key'),
  })
  .meta({ id: 'Leak' });
export const LeakPage = pageOf(LeakView, 'LeakPage');

export function leakView({ recordId, split, otherId, otherSplit, kind, similarity }: Leak): object {
  return {
    record_id: showId('rec', recordId),
    split,
    other_id: showId('rec', otherId),
    other_split: otherSplit,
    kind,
    similarity: similarity === null ? null : Math.round(similarity * 10_000) / 10_000,
  };
}
