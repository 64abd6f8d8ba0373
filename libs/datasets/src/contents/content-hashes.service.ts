import { CONTENT_HASH_BYTES } from './content.hash.ts';
import type { ContentHashRepository } from './content-hash.repository.ts';
import { KeptContents, type KeptContentsParts, type ToLookAt } from './kept.contents.ts';

export const HASH_CONTENTS = 'contents-hash';

/** Keeps hashes of what the records of a dataset say. */
export class ContentHashesService extends KeptContents {
  constructor(
    parts: KeptContentsParts,
    private readonly hashes: Pick<ContentHashRepository, 'insert'>,
  ) {
    super(parts, HASH_CONTENTS);
  }

  protected async made({ tenantId, datasetId, versions }: ToLookAt, lines: Buffer): Promise<() => Promise<void>> {
    const { keys, pool } = this.parts;
    const key = await keys.tenantSecret(tenantId, 'duplicates');
    const made = await pool.run({ kind: 'content-hash', lines, key });
    const rows = versions.map(({ recordId, leaf }, i) => {
      const at = i * CONTENT_HASH_BYTES;
      return { recordId, leaf, hash: made.hashes.subarray(at, at + CONTENT_HASH_BYTES) };
    });
    return () => this.hashes.insert({ tenantId, datasetId }, rows);
  }
}
