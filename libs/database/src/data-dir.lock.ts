import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirInUse } from './database.errors.ts';

/**
 * Holds `dataDir` for this process: two servers writing one embedded database would destroy it. The lock is a
 * listening local socket, which the system takes back however the process ends, so kill -9 leaves nothing to clear.
 *
 * @returns how to let go
 * @throws DataDirInUse
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 32);
  // Linux has names that are no files ("abstract"); elsewhere a file may be left behind and is tried first.
  const path = process.platform === 'linux' ? `\0ldv-${name}` : join(tmpdir(), `ldv-${name}.sock`);
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, path);
  } catch (error) {
    if (path.startsWith('\0') || (await answers(path))) throw new DataDirInUse().with({ cause: error });
    rmSync(path, { force: true });
    await listen(server, path);
  }
  server.unref();
  return () => server.close();
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
