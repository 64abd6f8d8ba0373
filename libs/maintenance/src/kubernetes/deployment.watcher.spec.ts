import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Log, type LogFields } from '#kernel';
import { DeploymentWatcher } from './deployment.watcher.ts';
import { KubernetesApi } from './kubernetes.api.ts';

class Complaints extends Log {
  readonly errors: unknown[] = [];
  override debug(): void {}
  override info(): void {}
  override error(): void {}
  override warn({ error }: LogFields): void {
    this.errors.push(error);
  }
}

/** A CA of its own, and a certificate of it for 127.0.0.1. */
function certificates(folder: string): { key: Buffer; cert: Buffer } {
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const fresh = ['-newkey', 'rsa:2048', '-nodes', '-days', '1'];
  openssl('req', '-x509', ...fresh, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=A test CA');
  openssl('req', ...fresh.slice(0, 3), '-keyout', 'tls.key', '-out', 'tls.csr', '-subj', '/CN=kubernetes');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '1'];
  openssl('x509', '-req', '-in', 'tls.csr', '-out', 'tls.crt', ...by);
  return { key: readFileSync(join(folder, 'tls.key')), cert: readFileSync(join(folder, 'tls.crt')) };
}

/** As much of an API server as one Deployment needs; it forgets nothing that it was asked. */
class ApiServer {
  readonly asked: string[] = [];
  readonly watching = new Set<ServerResponse>();
  annotation: string | undefined;
  token = 'first-token';
  refuse = 0;
  version = 100;
  private readonly server: Server;

  constructor(tls: { key: Buffer; cert: Buffer }) {
    this.server = createServer(tls, ({ url = '', headers }, answer) => {
      this.asked.push(url);
      const status = headers.authorization === `Bearer ${this.token}` ? this.refuse || 200 : 401;
      answer.writeHead(status, { 'content-type': 'application/json' });
      if (status !== 200) return answer.end('{}');
      if (!url.includes('watch=1')) return answer.end(JSON.stringify(this.deployment()));
      this.watching.add(answer);
      answer.on('close', () => this.watching.delete(answer));
      return answer.flushHeaders();
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  annotate(value: string | undefined): void {
    this.annotation = value;
    this.version += 1;
    // Events come in pieces, as they do over a network.
    const event = `${JSON.stringify({ type: 'MODIFIED', object: this.deployment() })}\n`;
    for (const answer of this.watching) {
      answer.write(event.slice(0, 20));
      setTimeout(() => answer.write(event.slice(20)), 10);
    }
  }

  endWatches(event?: object): void {
    for (const answer of this.watching) answer.end(event ? `${JSON.stringify(event)}\n` : '');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private deployment(): object {
    const annotations = this.annotation === undefined ? {} : { maintenance: this.annotation };
    return {
      kind: 'Deployment',
      metadata: { name: 'vault-server', resourceVersion: String(this.version), annotations },
    };
  }
}

describe('the annotation of a Deployment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vault-cluster-'));
  let tls: { key: Buffer; cert: Buffer };
  let server: ApiServer;
  let watcher: DeploymentWatcher;
  let seen: boolean[];
  let fail: Error | null;
  let log: Complaints;

  beforeAll(() => {
    tls = certificates(folder);
    writeFileSync(join(folder, 'namespace'), 'llm-data-vault\n');
  });
  beforeEach(async () => {
    writeFileSync(join(folder, 'token'), 'first-token\n');
    [seen, fail, log] = [[], null, new Complaints()];
    server = new ApiServer(tls);
    const api = new KubernetesApi({ url: await server.listen(), folder });
    const told = async (maintenance: boolean): Promise<void> => {
      if (fail) throw fail;
      seen.push(maintenance);
    };
    watcher = new DeploymentWatcher({ api, deployment: 'vault-server', told, log });
  });
  afterEach(async () => {
    await watcher.stop();
    await server.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function until(isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!isSo()) {
      if (Date.now() > deadline) throw new Error(`it did not come: ${JSON.stringify({ seen, asked: server.asked })}`);
      await delay(10);
    }
  }
  const watched = (): Promise<void> => until(() => server.watching.size === 1);

  it('is read once and then watched, in the namespace of the service account', async () => {
    watcher.start();
    await watched();
    server.annotate('true');
    await until(() => seen.length === 2);
    server.annotate('false');
    await until(() => seen.length === 3);
    server.annotate(undefined);
    await until(() => seen.length === 4);
    expect(seen).toEqual([false, true, false, false]);
    const path = '/apis/apps/v1/namespaces/llm-data-vault/deployments';
    expect(server.asked).toEqual([
      `${path}/vault-server`,
      `${path}?watch=1&fieldSelector=metadata.name%3Dvault-server&resourceVersion=100&timeoutSeconds=240`,
    ]);
  });

  it('is read anew when a watch ends, or when it is too old to go on from', async () => {
    watcher.start();
    await watched();
    server.annotation = 'true';
    server.endWatches();
    await until(() => seen.length === 2);
    await watched();
    server.annotation = undefined;
    server.endWatches({ type: 'ERROR', object: { kind: 'Status', code: 410 } });
    await until(() => seen.length === 3);
    expect(seen).toEqual([false, true, false]);
  });

  it('is asked for with the token that is there now', async () => {
    server.token = 'second-token';
    watcher.start();
    await until(() => log.errors.length === 1);
    expect(log.errors).toEqual(['KUBERNETES_401']);
    writeFileSync(join(folder, 'token'), 'second-token');
    await until(() => seen.length === 1);
  });

  it('is believed to be as it was while the server refuses, and that is said once', async () => {
    server.refuse = 403;
    watcher.start();
    await until(() => server.asked.length >= 2);
    server.refuse = 0;
    await until(() => seen.length === 1);
    expect(log.errors).toEqual(['KUBERNETES_403']);
  });

  it('is told again when what was to be done about it failed', async () => {
    fail = new Error('the database is away');
    watcher.start();
    await until(() => log.errors.length === 1);
    fail = null;
    await until(() => seen.length === 1);
  });

  it('is not taken from a server that another CA speaks for', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'vault-cluster-'));
    const other = new ApiServer(certificates(elsewhere));
    const api = new KubernetesApi({ url: await other.listen(), folder });
    await expect(api.get('/x', new AbortController().signal)).rejects.toThrow(/certificate|signature/);
    expect(other.asked).toEqual([]);
    await other.close();
    rmSync(elsewhere, { recursive: true });
  });
});
