import { chmodSync, mkdirSync } from 'node:fs';
import { link, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { randomToken } from '#crypto';

/** The folder of the embedded defaults, closed to everyone else. */
export function openDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
}

/**
 * The secret that signs access tokens, made on the first start and kept in the data folder (mode 0600). It appears
 * whole or not at all, and of two that start at once both end with the same.
 */
export async function keptSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret');
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found) return found.trim();
  const temporary = `${path}.${randomToken(8)}`;
  const file = await open(temporary, 'wx', 0o600);
  await file.writeFile(`${randomToken(32)}\n`);
  await file.sync();
  await file.close();
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(temporary);
  return (await readFile(path, 'utf8')).trim();
}
