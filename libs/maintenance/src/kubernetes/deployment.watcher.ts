import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#kernel';
import { type KubernetesApi, KubernetesRefused } from './kubernetes.api.ts';

const ANNOTATION = 'maintenance';
/** The server ends a watch after that, and it is looked at anew: what was missed is missed no longer. */
const WATCH_SECONDS = 240;
const PAUSE_MS = { first: 500, most: 10_000 };

interface Deployment {
  metadata?: { resourceVersion?: string; annotations?: Record<string, string> };
}
interface WatchEvent {
  type?: string;
  object?: Deployment;
}

export interface WatcherParts {
  api: KubernetesApi;
  deployment: string;
  /** The default is the namespace of the service account. */
  namespace?: string;
  /** Told again and again, also when nothing changed. When it throws, it is told anew after a pause. */
  told: (maintenance: boolean) => Promise<void>;
  log: Log;
}

/**
 * Looks whether a Deployment has the annotation `maintenance=true`. An annotation of the Deployment reaches no pod by
 * itself, so it is asked of the API server: once, and then by a watch, over and over.
 */
export class DeploymentWatcher {
  private readonly parts: WatcherParts;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private complaint = '';

  constructor(parts: WatcherParts) {
    this.parts = parts;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let pause = PAUSE_MS.first;
    while (!signal.aborted) {
      try {
        await this.follow(signal, () => (pause = PAUSE_MS.first));
      } catch (error) {
        if (signal.aborted) return;
        this.complain(error);
        // Replicas that lost the server together do not come back together.
        await delay(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
        pause = Math.min(2 * pause, PAUSE_MS.most);
      }
    }
  }

  /** One look, and a watch from there on until it ends. */
  private async follow(signal: AbortSignal, looked: () => void): Promise<void> {
    const { api, deployment, namespace = await api.namespace(), told } = this.parts;
    const folder = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const seen = (await api.get(`${folder}/${deployment}`, signal)) as Deployment;
    await told(isAnnotated(seen));
    looked();
    this.complaint = '';
    const query = new URLSearchParams({
      watch: '1',
      fieldSelector: `metadata.name=${deployment}`,
      resourceVersion: seen.metadata?.resourceVersion ?? '',
      timeoutSeconds: String(WATCH_SECONDS),
    });
    for await (const event of api.watch(`${folder}?${query.toString()}`, signal)) {
      const { type, object } = event as WatchEvent;
      // What was seen last is too old to go on from: look anew.
      if (type === 'ERROR') return;
      if (object && (type === 'ADDED' || type === 'MODIFIED')) await told(isAnnotated(object));
    }
  }

  /** Said once, and what was known last goes on. */
  private complain(error: unknown): void {
    const why = error instanceof KubernetesRefused ? `KUBERNETES_${error.status}` : 'KUBERNETES_UNREACHABLE';
    if (this.complaint === why) return;
    this.complaint = why;
    this.parts.log.warn(
      { event_type: 'maintenance', error: why, err: error },
      'the annotation of the Deployment cannot be read',
    );
  }
}

function isAnnotated({ metadata }: Deployment): boolean {
  return metadata?.annotations?.[ANNOTATION] === 'true';
}
