import type { Layer } from './layer.ts';

/** The condition for `commit` to be in the history that layers tell. Each branch up to where its layer was left: on a branch all commits before that are part of the history. */
export function historyOf(layers: readonly Layer[]): [string, Record<string, unknown>] {
  const parts = layers.map((_, i) => `(commit.branchId = :branch${i} AND commit.publishedAt <= :left${i})`);
  const parameters = layers.flatMap(({ branchId, publishedAt }, i) => [
    [`branch${i}`, branchId],
    [`left${i}`, new Date(publishedAt)],
  ]);
  return [
    `(commit.state = 'published' AND (${parts.join(' OR ')}))`,
    Object.fromEntries(parameters) as Record<string, unknown>,
  ];
}
