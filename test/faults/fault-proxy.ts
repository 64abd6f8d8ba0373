// A TCP proxy in front of a service that makes its network fail in the ways networks do.
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Fault =
  | { kind: 'none' }
  /** Nobody listens: connections are reset, old ones too. */
  | { kind: 'refuse' }
  /** Bytes go in and nothing comes out, as behind a firewall that drops. */
  | { kind: 'black-hole' }
  /** Every packet, either way, arrives so many ms later. */
  | { kind: 'delay'; ms: number }
  /** So many bytes a second come back. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** The connection breaks after so many bytes of an answer: what was asked is done, and nobody is told. */
  | { kind: 'cut-answer'; after: number }
  /** The connection breaks after so many bytes of a request. */
  | { kind: 'cut-request'; after: number }
  /** A share of all HTTP requests is answered 503 in place of the service. */
  | { kind: 'http-503'; share: number }
  /** Some HTTP requests, given as they begin, are answered in place of the service; null for those that are not. */
  | { kind: 'http-instead'; answer: (request: string) => string | null };

const HTTP_REQUEST = /^(GET|PUT|POST|HEAD|DELETE) /;
const SLOW_DOWN = 'HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

export class FaultProxy {
  private fault: Fault = { kind: 'none' };
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.carry(client));
  }

  static async before(target: string): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new FaultProxy(server, new URL(target));
  }

  /** The service's address by way of this proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as { port: number }).port);
    return url.href;
  }

  become(fault: Fault): void {
    this.fault = fault;
    if (fault.kind === 'refuse') this.breakAll();
  }

  /** Resets every connection there is, once. */
  breakAll(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.breakAll();
    await new Promise((closed) => this.server.close(closed));
  }

  private carry(client: Socket): void {
    if (this.fault.kind === 'refuse') return client.resetAndDestroy() as never;
    const service = connect(Number(this.target.port), this.target.hostname);
    let answered = 0;
    let asked = 0;
    for (const socket of [client, service]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        service.destroy();
      });
    }
    client.on('data', (bytes: Buffer) => {
      asked += bytes.length;
      const { fault } = this;
      if (fault.kind === 'cut-request' && asked > fault.after) return client.resetAndDestroy() as never;
      if (
        fault.kind === 'http-503' &&
        HTTP_REQUEST.test(bytes.toString('latin1', 0, 8)) &&
        Math.random() < fault.share
      ) {
        return void client.end(SLOW_DOWN);
      }
      const instead = fault.kind === 'http-instead' ? fault.answer(bytes.toString('latin1', 0, 2000)) : null;
      if (instead !== null) return void client.end(instead);
      this.pass(bytes, client, service);
    });
    service.on('data', (bytes: Buffer) => {
      answered += bytes.length;
      const { fault } = this;
      if (fault.kind === 'cut-answer' && answered > fault.after) return client.resetAndDestroy() as never;
      this.pass(bytes, service, client);
    });
  }

  private pass(bytes: Buffer, from: Socket, to: Socket): void {
    const { fault } = this;
    if (fault.kind === 'black-hole' || to.destroyed) return;
    if (fault.kind === 'delay') return void setTimeout(() => to.destroyed || to.write(bytes), fault.ms);
    if (fault.kind === 'slow' && to !== undefined) {
      from.pause();
      setTimeout(() => from.resume(), (bytes.length / fault.bytesPerSecond) * 1000);
    }
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  }
}
