// Hosts the embedded database on a thread of its own: WebAssembly runs a statement to its end without
// yielding, which on the main thread would stop every other request for that long.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { DurableFiles } from './pglite.files.ts';

interface Ask {
  id: number;
  message: Uint8Array;
}

const { dataDir, createOnly } = workerData as { dataDir: string; createOnly: boolean };
const port = parentPort!;

// Its creator turns syncing off; a commit that was answered has to survive.
const startParams = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
const db = await PGlite.create({
  fs: new DurableFiles(dataDir),
  startParams,
  postgresqlconf: [
    'shared_buffers = 24MB',
    'wal_buffers = 2MB',
    'max_wal_size = 256MB',
    'timezone = UTC',
    // The only one of its ways that gets through to the file system.
    'wal_sync_method = fsync',
  ],
});
if (createOnly) {
  await db.close();
  port.postMessage({ created: true });
} else {
  port.postMessage({ ready: true });
  port.on('message', (ask: Ask | 'close') => {
    void (ask === 'close' ? db.close().then(() => port.close()) : answer(ask));
  });
}

let previous: Promise<void> = Promise.resolve();

async function answer(ask: Ask): Promise<void> {
  // First come, first served: the wire protocol is one conversation.
  previous = previous.then(async () => {
    const chunks: Uint8Array[] = [];
    try {
      await db.execProtocolRawStream(ask.message, { onRawData: (data) => chunks.push(data.slice()) });
    } catch {
      // What PostgreSQL itself has to say comes as a reply; this is its machine breaking down.
      port.postMessage({ id: ask.id, reply: null });
      return;
    }
    const reply = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    port.postMessage({ id: ask.id, reply });
  });
  await previous;
}
