import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { stopListening } from './stop-listening.ts';

/** Asks while the thread of the server is kept from taking connections, and says what comes of it. */
const CLIENT = `
  const { connect } = require('node:net');
  const { parentPort, workerData: { port, asked } } = require('node:worker_threads');
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('GET / HTTP/1.1\\r\\nhost: example.org\\r\\nconnection: close\\r\\n\\r\\n');
    Atomics.store(asked, 0, 1);
    Atomics.notify(asked, 0);
  });
  let said = '';
  socket.on('data', (some) => (said += some)).on('error', ({ code }) => (said = code));
  socket.on('close', () => parentPort.postMessage(said));`;

describe('a server that stops listening', () => {
  it('answers who was waiting to be taken, and takes nobody after that', async () => {
    const server = createServer((_, reply) => reply.end('the answer'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = new Int32Array(new SharedArrayBuffer(4));
    const client = new Worker(CLIENT, { eval: true, workerData: { port, asked } });
    const answer = once(client, 'message');
    Atomics.wait(asked, 0, 0);
    await stopListening(server);
    expect(String(await answer)).toMatch(/^HTTP\/1\.1 200 [^]*the answer/);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
