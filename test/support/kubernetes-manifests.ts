// Every Kubernetes object of deploy/, with the file it is in.
import { globSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

export interface Manifest {
  file: string;
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string }[];
  ports?: { name: string; containerPort: number }[];
  volumeMounts?: { name: string; mountPath: string }[];
}

interface Pod {
  metadata?: { labels: Record<string, string> };
  spec: { containers: Container[]; volumes?: unknown[] } & Record<string, unknown>;
}

export const manifests: readonly Manifest[] = globSync('deploy/kubernetes/**/*.yaml')
  .toSorted()
  .flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).map((document) => ({ ...(document.toJS() as Manifest), file })),
  );

/** @throws Error when there is none or more than one. */
export function manifest(kind: string, name: string, namespace = 'llm-data-vault'): Manifest {
  const found = manifests.filter(
    ({ kind: one, metadata }) => one === kind && metadata.name === name && metadata.namespace === namespace,
  );
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name} in ${namespace}`);
  return found[0]!;
}

/** The pod that an object is or makes; null for everything else. */
export function podOf({ kind, metadata, spec }: Manifest): Pod | null {
  if (kind === 'Pod') return { metadata, spec } as unknown as Pod;
  if (kind === 'CronJob') return (spec as { jobTemplate: { spec: { template: Pod } } }).jobTemplate.spec.template;
  return ['Deployment', 'StatefulSet', 'Job'].includes(kind) ? (spec as { template: Pod }).template : null;
}

/** Those whose pods run our image. */
export const ours = manifests.filter((each) =>
  podOf(each)?.spec.containers.some(({ image }) => image.includes('llm-data-vault')),
);
