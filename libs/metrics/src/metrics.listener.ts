import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Log } from '#kernel';

export interface MetricsListenerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
}

/** Answers GET /metrics on a port of its own, so that the public one never does. */
export class MetricsListener {
  private readonly registry: Registry;
  private readonly options: MetricsListenerOptions;
  private readonly log: Log;
  private server: Server | undefined;

  constructor(registry: Registry, options: MetricsListenerOptions, log: Log) {
    this.registry = registry;
    this.options = options;
    this.log = log;
  }

  /**
   * Gives the address.
   *
   * @throws Error of the system when the port is taken
   */
  async start(): Promise<string> {
    const { host, port } = this.options;
    // No scraper sends a body or takes long to ask.
    const limits = { headersTimeout: 5000, requestTimeout: 5000, maxHeaderSize: 8192 };
    const server = createServer(limits, (request, response) => void this.answer(request, response));
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(port, host, listening);
    });
    this.server = server;
    const url = `http://${addressOf(server)}/metrics`;
    this.log.info({ event_type: 'process', url }, 'metrics are served');
    return url;
  }

  /** Safe to call again, or without a start. */
  async stop(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await closed;
  }

  private async answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (method !== 'GET' || url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await this.registry.metrics();
      response.writeHead(200, { 'content-type': this.registry.contentType }).end(text);
    } catch (error) {
      this.log.error({ error: 'METRICS_FAILED', err: error }, 'the metrics could not be read');
      response.writeHead(500).end();
    }
  }
}

function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the metrics listener has no address');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${host}:${address.port}`;
}
