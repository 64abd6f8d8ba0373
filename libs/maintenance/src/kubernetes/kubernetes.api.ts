import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';

export interface KubernetesPlace {
  url: string;
  /** Folder of a service account: `token`, `ca.crt`, `namespace`. */
  folder: string;
}

/** Longest silence of the server. It ends each watch by itself before that. */
const SILENCE_MS = 300_000;
const CONNECT_MS = 10_000;

export class KubernetesRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the API server answered ${status}`);
    this.status = status;
  }
}

/** As much of the API of Kubernetes as reading needs, over plain HTTPS. */
export class KubernetesApi {
  private readonly place: KubernetesPlace;

  constructor(place: KubernetesPlace) {
    this.place = place;
  }

  async namespace(): Promise<string> {
    return (await readFile(join(this.place.folder, 'namespace'), 'utf8')).trim();
  }

  /** @throws KubernetesRefused, and what the network throws */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    let text = '';
    for await (const chunk of await this.open(path, CONNECT_MS, signal)) text += String(chunk);
    return JSON.parse(text);
  }

  /** The events of a watch, one JSON document a line, until the server ends it. @throws as `get` */
  async *watch(path: string, signal: AbortSignal): AsyncGenerator<unknown> {
    let rest = '';
    for await (const chunk of await this.open(path, SILENCE_MS, signal)) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
    }
  }

  private async open(path: string, silenceMs: number, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, folder } = this.place;
    // Read each time: a projected token is replaced long before it ends, and a CA some day.
    const [token, ca] = await Promise.all([
      readFile(join(folder, 'token'), 'utf8'),
      readFile(join(folder, 'ca.crt'), 'utf8'),
    ]);
    const headers = { authorization: `Bearer ${token.trim()}`, accept: 'application/json' };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, url), { ca, headers, signal, agent: false }, (answer) => {
        answer.setEncoding('utf8');
        asked.setTimeout(silenceMs);
        if (answer.statusCode === 200) return resolve(answer);
        answer.resume();
        reject(new KubernetesRefused(answer.statusCode ?? 0));
      });
      asked.setTimeout(CONNECT_MS, () => asked.destroy(new Error('the API server does not answer')));
      asked.on('error', reject);
      asked.end();
    });
  }
}
