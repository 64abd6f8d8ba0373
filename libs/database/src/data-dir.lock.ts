import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isNativeError } from 'node:util/types';
import { DataDirInUse } from './database.errors.ts';

/** SQLite's code for a lock that somebody else has. */
const BUSY = 5;

/**
 * Holds `dataDir` for this process: two servers writing one embedded database would destroy it. The lock is one of the
 * operating system on a file in there, so it holds between containers that share the folder, and kill -9 leaves nothing
 * to clear. SQLite is what the platform has to take it with.
 *
 * @returns how to let go
 * @throws DataDirInUse
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(join(dataDir, 'lock'));
  try {
    // Nothing is ever written, so nothing beside the file itself is made.
    file.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (isNativeError(error) && 'errcode' in error && error.errcode === BUSY) {
      throw new DataDirInUse().with({ cause: error });
    }
    throw error;
  }
  return () => file.close();
}
