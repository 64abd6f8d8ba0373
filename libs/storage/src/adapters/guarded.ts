import { VaultError } from '#kernel';
import { StorageFull, StorageUnavailable } from '../blob-store.ts';
import { codeOf } from './durable-file.ts';

/** The system's errors in the words of the port. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof VaultError || error instanceof RangeError) throw error;
    const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
    throw (full ? new StorageFull() : new StorageUnavailable()).with({ retryAfter: full ? 60 : 5, cause: error });
  }
}
