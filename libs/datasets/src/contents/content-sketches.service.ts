import { methodOf } from './content.sketch.ts';
import type { ContentSketchRepository } from './content-sketch.repository.ts';
import { KeptContents, type KeptContentsParts, type ToLookAt } from './kept.contents.ts';

export const SKETCH_CONTENTS = 'contents-sketch';

/** Keeps sketches of what the records of a dataset say. */
export class ContentSketchesService extends KeptContents {
  constructor(
    parts: KeptContentsParts,
    private readonly sketches: Pick<ContentSketchRepository, 'insert'>,
  ) {
    super(parts, SKETCH_CONTENTS);
  }

  protected async made(
    { tenantId, datasetId, versions, looking }: ToLookAt,
    lines: Buffer,
  ): Promise<() => Promise<void>> {
    const { keys, pool } = this.parts;
    const key = await keys.tenantSecret(tenantId, 'duplicates');
    const { sketches } = await pool.run({ kind: 'content-sketch', lines, datasetId, key, ...looking! });
    const rows = versions.map(({ recordId, leaf }, i) => ({ recordId, leaf, sketch: sketches[i]! }));
    return () => this.sketches.insert({ tenantId, datasetId }, methodOf(looking!), rows);
  }
}
