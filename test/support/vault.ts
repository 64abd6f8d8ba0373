// Starts the built server as a process of its own and speaks HTTP to it, as its users do.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { backing, type Backing } from './backing.ts';

export const MAIN = resolve('dist/bundle/vault-server.js');
export const ADMIN = { email: 'admin@example.org', password: 'five words make a phrase' };
const START_MS = 60_000;
const LOG_MS = 60_000;

export type LogLine = Record<string, unknown> & { level: string; msg: string };

export interface Answer<B = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: B;
  text: string;
}

export interface Ask {
  body?: unknown;
  /** Bytes or text as they are, with their content type in `headers`. */
  raw?: string | Uint8Array | ReadableStream;
  headers?: Record<string, string>;
  token?: string | null;
}

export interface StartOptions {
  env?: Record<string, string>;
  /** What an earlier vault left behind; a fresh one when left out. */
  on?: Backing;
  /** Who is signed in; the first administrator when left out. */
  as?: typeof ADMIN;
  /** A program, with arguments, that starts the server in its turn, such as a shell that sets a limit. */
  under?: readonly string[];
  /** The program; the one that was built here when left out. */
  main?: string;
}

/** A running vault. */
export class Vault {
  readonly log: LogLine[] = [];
  /** Lines that are no JSON: there must never be one. */
  readonly noise: string[] = [];
  url = '';
  metricsUrl = '';
  token = '';
  readonly child: ChildProcess;
  readonly backing: Backing;

  constructor(child: ChildProcess, backing: Backing) {
    this.child = child;
    this.backing = backing;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => this.read(line));
    }
  }

  async ask<B = Record<string, unknown>>(method: string, path: string, ask: Ask = {}): Promise<Answer<B>> {
    const { body, raw, headers = {}, token = this.token } = ask;
    const prefix = /^\/(health|docs|problems|\.well-known)/.test(path) ? '' : '/api/v1';
    const response = await fetch(`${this.url}${prefix}${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: (raw ?? (body === undefined ? undefined : JSON.stringify(body))) as RequestInit['body'],
      duplex: 'half',
    } as RequestInit);
    const text = await response.text();
    const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as B };
  }

  get = <B = Record<string, unknown>>(path: string, ask?: Ask): Promise<Answer<B>> => this.ask<B>('GET', path, ask);
  post = <B = Record<string, unknown>>(path: string, body?: unknown, ask?: Ask): Promise<Answer<B>> =>
    this.ask<B>('POST', path, { body, ...ask });

  async signIn(who = ADMIN): Promise<string> {
    const { body, status } = await this.post<{ access_token: string }>('/auth/login', who, { token: null });
    if (status !== 200) throw new Error(`sign-in answered ${status}`);
    return body.access_token;
  }

  async newDataset(name = `dataset ${randomBytes(4).toString('hex')}`): Promise<string> {
    const { body } = await this.post<{ id: string }>('/datasets', { name });
    return body.id;
  }

  importLines<B = Record<string, unknown>>(
    dataset: string,
    raw: Ask['raw'],
    query = '',
    headers = {},
  ): Promise<Answer<B>> {
    const type = { 'content-type': 'application/x-ndjson', ...headers };
    return this.ask<B>('POST', `/datasets/${dataset}/imports${query}`, { raw, headers: type });
  }

  /** Asks again and again until the answer is as wanted. */
  async until<B>(path: string, isDone: (answer: Answer<B>) => boolean, seconds = 60): Promise<Answer<B>> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await this.get<B>(path);
      if (isDone(answer)) return answer;
      if (Date.now() > deadline) throw new Error(`${path} is still ${answer.text}`);
      await delay(100);
    }
  }

  /** The newest line like this, of those from line `after` on: the log comes by another way than an answer, and may be later. */
  async logged(is: (line: LogLine) => boolean, after = 0): Promise<LogLine> {
    const deadline = Date.now() + LOG_MS;
    for (;;) {
      const line = this.log.slice(after).findLast(is);
      if (line) return line;
      if (Date.now() > deadline) throw new Error('nothing of the kind was logged');
      await delay(20);
    }
  }

  /** Ends it as Kubernetes would, and gives its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = new Promise<number | null>((exit) => this.child.once('exit', (code) => exit(code)));
    this.child.kill(signal);
    return ended;
  }

  /** Ends it, and takes away what it kept. */
  async remove(): Promise<void> {
    await this.stop();
    await this.backing.remove();
  }

  private read(line: string): void {
    try {
      this.log.push(JSON.parse(line) as LogLine);
    } catch {
      this.noise.push(line);
    }
  }
}

/** A vault that is ready, with its administrator signed in. */
export async function startVault({ env = {}, on, as, under = [], main = MAIN }: StartOptions = {}): Promise<Vault> {
  const base = on ?? (await backing());
  const [program, ...args] = [...under, process.execPath, main, 'serve'];
  const child = spawn(program!, args, {
    cwd: mkdtempSync(join(tmpdir(), 'vault-cwd-')),
    env: { ...environment(base), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const vault = new Vault(child, base);
  const deadline = Date.now() + START_MS;
  for (;;) {
    const ready = vault.log.find(({ msg }) => msg === 'the vault is ready');
    if (ready) {
      vault.url = String(ready['url']);
      vault.metricsUrl = String(vault.log.find(({ msg }) => msg === 'metrics are served')?.['url']);
      break;
    }
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(
        `the vault did not start:\n${[...vault.log.map((line) => JSON.stringify(line)), ...vault.noise].join('\n')}`,
      );
    }
    await delay(20);
  }
  vault.token = await vault.signIn(as);
  return vault;
}

export function environment(under: Backing): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    // The same program is started dozens of times: what V8 made of it is kept.
    NODE_COMPILE_CACHE: join(tmpdir(), 'vault-compile-cache'),
    VAULT__PORT: '0',
    VAULT__TELEMETRY__METRICS_PORT: '0',
    VAULT__BOOTSTRAP__ADMIN_PASSWORD: ADMIN.password,
    VAULT__RATE_LIMIT_RPS: '10000',
    VAULT__RATE_LIMIT_BURST: '10000',
    VAULT__RATE_LIMITS__SIGN_IN_PER_MINUTE: '10000',
    VAULT__RATE_LIMITS__TENANT_RPS: '100000',
    VAULT__RATE_LIMITS__BULK_PER_MINUTE: '10000',
    VAULT__RATE_LIMITS__PII_PER_MINUTE: '10000',
    VAULT__RATE_LIMITS__EXPORT_PER_HOUR: '10000',
    ...under.env,
  };
}
