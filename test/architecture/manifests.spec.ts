// What is deployed fits what was built: names, selectors, ports and settings.
import { globSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

interface Manifest {
  file: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
}

const manifests = globSync('deploy/kubernetes/*.yaml').flatMap((file) =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => ({ ...(document.toJS() as Manifest), file })),
);
const find = (kind: string, name = 'vault-server'): Manifest =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name)!;
const text = (manifest: Manifest): string => JSON.stringify(manifest);
const settings = readFileSync('docs/deployment/CONFIGURATION.md', 'utf8');

describe('the Kubernetes manifests', () => {
  it('are all in the kustomization', () => {
    const listed = parseAllDocuments(readFileSync('deploy/kubernetes/kustomization.yaml', 'utf8'))[0]!.toJS() as {
      resources: string[];
    };
    const files = globSync('*.yaml', { cwd: 'deploy/kubernetes' }).filter((file) => file !== 'kustomization.yaml');
    expect(listed.resources.toSorted()).toEqual(files.toSorted());
  });

  it('have the names that operators type', () => {
    for (const kind of ['Deployment', 'Service', 'ServiceAccount', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']) {
      expect(find(kind).metadata.namespace).toBe('llm-data-vault');
    }
    expect(find('ConfigMap', 'vault-config')).toBeDefined();
    expect(text(find('Deployment'))).toContain('"name":"vault-server","image"');
  });

  it('select their pods by app=vault-server', () => {
    const template = (find('Deployment').spec!['template'] as { metadata: { labels: Record<string, string> } }).metadata
      .labels;
    expect(template['app']).toBe('vault-server');
    for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy']) {
      const { selector, podSelector } = find(kind).spec as Record<string, { matchLabels?: object }>;
      const wanted = Object.entries(podSelector?.matchLabels ?? selector?.matchLabels ?? selector ?? {});
      expect([kind, wanted.filter(([name, value]) => template[name] !== value)]).toEqual([kind, []]);
      expect(wanted.length).toBeGreaterThan(0);
    }
  });

  it('set only what is a setting, and no secret in the open', () => {
    const named = [
      ...text({ ...find('Deployment'), data: find('ConfigMap', 'vault-config').data! }).matchAll(/VAULT__[A-Z0-9_]+/g),
    ];
    const unknown = named
      .map(([name]) => name!)
      .filter((name) => !settings.includes(`\`${name.replace(/_FILE$/, '')}\``));
    expect(unknown).toEqual([]);
    const open = Object.keys(find('ConfigMap', 'vault-config').data!).filter((name) =>
      new RegExp(`\`${name}\`.*Secret`).test(settings),
    );
    expect(open).toEqual([]);
  });

  it('leave the number of replicas to the autoscaler, and take no server away before another is ready', () => {
    const { spec } = find('Deployment');
    expect(spec).not.toHaveProperty('replicas');
    expect(text(find('Deployment'))).toContain('"maxUnavailable":0');
    expect(text(find('Deployment'))).toContain('"terminationGracePeriodSeconds":60');
  });

  it('probe the addresses that the server has', () => {
    const probes = [...text(find('Deployment')).matchAll(/"(\w+Probe)":\{"httpGet":\{"path":"([^"]+)"/g)];
    expect(probes.map(([, probe, path]) => `${probe} ${path}`)).toEqual([
      'startupProbe /health/live',
      'livenessProbe /health/live',
      'readinessProbe /health/ready',
    ]);
  });

  it('run without rights', () => {
    for (const manifest of [find('Deployment'), find('Job', 'vault-migrate')]) {
      for (const right of [
        '"runAsNonRoot":true',
        '"readOnlyRootFilesystem":true',
        '"drop":["ALL"]',
        '"allowPrivilegeEscalation":false',
      ])
        expect([manifest.file, text(manifest).includes(right)]).toEqual([manifest.file, true]);
    }
  });
});
