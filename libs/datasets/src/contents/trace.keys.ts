import type { KeyService } from '#crypto';
import type { SketchKey } from './content.sketch.ts';
import type { Traces } from './traces.ts';

/** What a thread needs to make traces of contents; null for those that nobody asks for. */
export async function traceKeys(
  keys: Pick<KeyService, 'tenantSecret'>,
  tenantId: string,
  { hashes, sketches }: Traces,
): Promise<{ contentKey: Uint8Array | null; sketch: SketchKey | null }> {
  // Each overwrites its own.
  const contentKey = hashes ? await keys.tenantSecret(tenantId, 'duplicates') : null;
  return { contentKey, sketch: sketches && { ...sketches, key: await keys.tenantSecret(tenantId, 'duplicates') } };
}
