import type { KeyService } from '#crypto';
import { type LineParts, type Looked, overLines } from '../line-batches.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { DuplicatePool, Looking, Sketches } from './duplicate.tasks.ts';

/** Makes sketches of records, by which those that are alike are found. */
export class Sketcher {
  constructor(
    private readonly parts: LineParts,
    private readonly keys: KeyService,
    private readonly pool: DuplicatePool,
  ) {}

  /** In the order they came in. */
  async *of(looked: Looked, { pointer, shingles }: Looking): AsyncGenerator<{ rows: StoredVersion[]; made: Sketches }> {
    const key = await this.keys.tenantSecret(looked.tenantId, 'duplicates');
    const sketch = (lines: Buffer): Promise<Sketches> =>
      this.pool.run({ kind: 'duplicate-sketch', lines, key: Buffer.from(key), pointer, shingles });
    yield* overLines(this.parts, looked, sketch);
  }
}
