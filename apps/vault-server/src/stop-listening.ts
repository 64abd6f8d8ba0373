import type { Server as HttpServer } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';

/** How long a connection that was taken last may need to say what it wants. */
export const LAST_WORD_MS = 1_000;
/** A turn of the event loop that takes no longer leaves hardly anybody time to come in. */
const QUIET_MS = 2;
/** On a server that is never quiet, after so many it is closed all the same. */
const TURNS = 200;

/**
 * Takes no more connections, and leaves those it has open for a moment. Closing them at the same time, as the server of
 * Node does, would cut off a request that is on its way on one of them, and a balancer may not send that again. The same
 * goes for connections that wait to be taken: the system resets those with the socket.
 */
export async function stopListening(server: HttpServer): Promise<void> {
  await nobodyWaits();
  TcpServer.prototype.close.call(server);
  await delay(LAST_WORD_MS);
}

/** Right after the event loop has taken all connections there were, in a turn without much else. */
async function nobodyWaits(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    await immediate();
    const began = performance.now();
    await immediate();
    if (performance.now() - began < QUIET_MS) return;
  }
}
