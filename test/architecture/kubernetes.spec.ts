// The manifests are what an API server takes, and what the runbook, the settings and Pod Security expect of them.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { manifest, manifests, ours, podOf } from '../support/kubernetes-manifests.ts';
import { kubernetesMistakes } from '../support/kubernetes-types.ts';

const settings = readFileSync('docs/deployment/CONFIGURATION.md', 'utf8');
const text = (value: unknown): string => JSON.stringify(value);
const server = manifest('Deployment', 'vault-server');
const pod = podOf(server)!;
const [container] = pod.spec.containers;

describe('the Kubernetes manifests', () => {
  it('are what Kubernetes and the two operators have types for, to the last field', () => {
    const objects = manifests.map(({ file: _file, ...object }) => object);
    const mistakes = kubernetesMistakes(objects).map((mistake) => {
      const index = Number(mistake.split(':', 1)[0]);
      return `${manifests[index]?.file}: ${mistake}`;
    });
    expect(mistakes).toEqual([]);
  });

  it('would be found out by a field that does not exist, a wrong kind of value, and a missing one', () => {
    const wrong = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { prots: [] } };
    const mistyped = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: true }] } };
    const lacking = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { replicas: 1 } };
    const lines = kubernetesMistakes([wrong, mistyped, lacking]).map((mistake) => mistake.split(':', 1)[0]);
    expect(lines).toEqual(['0', '1', '2']);
  });

  it.each(['deploy/kubernetes', 'deploy/kubernetes/dev'])('of %s are all in its Kustomization', (folder) => {
    const { resources } = parse(readFileSync(join(folder, 'Kustomization'), 'utf8')) as { resources: string[] };
    // To be made when somebody looks around, and gone after an hour.
    const files = globSync('*.yaml', { cwd: folder }).filter((file) => file !== 'debug-pod.yaml');
    expect(resources).toEqual(files.toSorted());
  });

  it('T26 are taken in the order of their names: the namespace first, no Secret, no kind that an operator brings', () => {
    const plain = manifests.filter(({ file }) => dirname(file) === 'deploy/kubernetes');
    expect(plain[0]!.kind).toBe('Namespace');
    expect(plain.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(plain.filter(({ apiVersion }) => /cert-manager|coreos/.test(apiVersion))).toEqual([]);
    const spaces = plain.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => metadata.namespace);
    expect([...new Set(spaces)]).toEqual(['llm-data-vault']);
    expect(existsSync('deploy/kubernetes/secret.yaml.example')).toBe(true);
  });

  it('RB-N1 make the namespaces that the runbook names, and the pod postgres-0', () => {
    const spaces = manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
    expect(spaces).toEqual(expect.arrayContaining(['llm-data-vault', 'database', 'cache']));
    expect(manifest('StatefulSet', 'postgres', 'database').spec).toMatchObject({ replicas: 1 });
  });

  it('RB-N3 and RB-N10 have one Deployment and one container called vault-server, of an image with a version', () => {
    expect(pod.spec.containers.map(({ name }) => name)).toEqual(['vault-server']);
    const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
    const images = ours.flatMap((each) => podOf(each)!.spec.containers.map(({ image }) => image));
    expect([...new Set(images)]).toEqual([`ghcr.io/your-org/llm-data-vault:v${version}`]);
  });

  it('T1 and RB-N4 carry the label that the runbook selects by, in the pods and in the selectors', () => {
    const labels = pod.metadata!.labels;
    expect(labels).toMatchObject({ app: 'vault-server', 'app.kubernetes.io/name': 'llm-data-vault' });
    const selectors = ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy'].map((kind) => {
      const { selector, podSelector } = manifest(kind, 'vault-server').spec as Record<string, { matchLabels?: object }>;
      return [kind, podSelector?.matchLabels ?? selector?.matchLabels ?? selector] as const;
    });
    for (const [kind, selector] of selectors) expect([kind, labels]).toEqual([kind, expect.objectContaining(selector)]);
    const others = ours.filter((each) => each !== server).map((each) => podOf(each)!.metadata!.labels['app']);
    expect(others).not.toContain('vault-server');
  });

  it('RB-N5, RB-N6, RB-N7 and RB-N9 have the names that operators type', () => {
    expect(basename(manifest('ConfigMap', 'vault-config').file)).toBe('configmap.yaml');
    expect(manifest('Service', 'vault-server').spec!['ports']).toEqual([
      { name: 'http', port: 8080, targetPort: 'http' },
      { name: 'metrics', port: 9090, targetPort: 'metrics' },
    ]);
    expect(text(manifest('ServiceAccount', 'vault-server'))).toContain('eks.amazonaws.com/role-arn');
    expect(manifest('HorizontalPodAutoscaler', 'vault-server').spec).toMatchObject({ minReplicas: 3, maxReplicas: 20 });
    expect(manifests.some(({ metadata }) => metadata.name === 'metrics-server')).toBe(true);
  });

  it('RB-N8 and T8 renew the certificate into vault-tls, where the server looks when it ends', () => {
    expect(manifest('Certificate', 'vault-server').spec).toMatchObject({ secretName: 'vault-tls' });
    expect(text(manifest('Ingress', 'vault-server'))).toContain('"secretName":"vault-tls"');
    expect(text(container)).toContain('/run/secrets/vault-tls/tls.crt');
  });

  it('RB-X5 and RB-X6 lead the short names of database and cache to their namespaces', () => {
    expect(manifest('Service', 'postgres').spec!['externalName']).toBe('postgres.database.svc.cluster.local');
    expect(manifest('Service', 'redis').spec!['externalName']).toBe('redis.cache.svc.cluster.local');
  });

  it('RB-N2, RB-X2 and T5 hand secrets over as files, and can do with two keys and a fall-back for the rest', () => {
    const volumes = text(pod.spec.volumes);
    const order = ['vault-optional', 'vault-secrets'].map((name) => volumes.indexOf(`"name":"${name}"`));
    expect(order.toSorted((a, b) => a - b)).toEqual(order);
    expect(volumes).toContain('{"name":"vault-optional","optional":true}');
    expect(volumes).toContain('"secretName":"vault-master-key"');
    for (const each of ours) {
      const env = podOf(each)!.spec.containers.flatMap((one) => one.env ?? []);
      const open = env.filter(({ name }) => new RegExp(`\`${name}\`.*\\*\\*Secret`).test(settings));
      expect([each.file, open]).toEqual([each.file, []]);
      const needed = env.filter(({ value }) => value?.startsWith('/run/secrets/vault/') && value !== `-${value}`);
      expect(needed.map(({ name }) => name)).toEqual([
        'VAULT__JWT_SECRET_FILE',
        'VAULT__DATABASE__URL_FILE',
        'AWS_SHARED_CREDENTIALS_FILE',
      ]);
    }
  });

  it('set only what is a setting, and no secret in the open', () => {
    const data = manifest('ConfigMap', 'vault-config').data!;
    const named = [...text([ours, data]).matchAll(/VAULT__[A-Z0-9_]+/g)].map(([name]) => name);
    const known = (name: string): boolean => settings.includes(`\`${name}\``);
    expect([...new Set(named)].filter((name) => !known(name) && !known(name.replace(/_FILE$/, '')))).toEqual([]);
    expect(Object.keys(data).filter((name) => new RegExp(`\`${name}\`.*Secret`).test(settings))).toEqual([]);
  });

  it('T9 leave the number of replicas to the autoscaler', () => {
    for (const name of ['vault-server', 'vault-worker']) {
      expect(manifest('Deployment', name).spec).not.toHaveProperty('replicas');
      expect(manifest('HorizontalPodAutoscaler', name).spec).toMatchObject({ scaleTargetRef: { name } });
    }
  });

  it('RB-C8 take no server away before another is ready, and leave it the time to finish', () => {
    expect(server.spec!['strategy']).toMatchObject({ rollingUpdate: { maxUnavailable: 0 } });
    expect(pod.spec['terminationGracePeriodSeconds']).toBe(60);
    expect(text(container)).toContain('"preStop":{"exec":{"command":["sleep","5"]}}');
  });

  it('RB-H6 and RB-L6 probe the addresses that the server has, and keep the last words of one that fell', () => {
    const probes = [...text(container).matchAll(/"(\w+Probe)":\{"httpGet":\{"path":"([^"]+)"/g)];
    expect(probes.map(([, probe, path]) => `${probe} ${path}`)).toEqual([
      'startupProbe /health/live',
      'livenessProbe /health/live',
      'readinessProbe /health/ready',
    ]);
    const policies = ours.flatMap((each) => podOf(each)!.spec.containers).map((one) => text(one));
    expect(policies.filter((one) => !one.includes('"FallbackToLogsOnError"'))).toEqual([]);
  });

  it('T10 let the server look at its own Deployment, with a token for that alone and a way to the API server', () => {
    expect(manifest('Role', 'vault-server').spec).toBeUndefined();
    expect(text(manifest('Role', 'vault-server'))).toContain(
      '"resources":["deployments"],"resourceNames":["vault-server"],"verbs":["get","list","watch"]',
    );
    expect(pod.spec['automountServiceAccountToken']).toBe(false);
    expect(text(pod.spec.volumes)).toContain('"serviceAccountToken":{"path":"token","expirationSeconds":3600}');
    const watching = ours.filter((each) => text(podOf(each)).includes('serviceAccountToken":{'));
    expect(watching).toEqual([server]);
    expect(text(manifest('NetworkPolicy', 'vault-server'))).toContain('"port":6443');
  });

  it('T11 and T12 are let in by Pod Security where it is strictest', () => {
    for (const each of manifests.filter((one) => podOf(one))) {
      const { securityContext, containers } = podOf(each)!.spec as unknown as {
        securityContext: Record<string, unknown>;
        containers: { securityContext: Record<string, unknown> }[];
      };
      expect([each.file, securityContext]).toEqual([
        each.file,
        expect.objectContaining({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }),
      ]);
      for (const one of containers) {
        const rights = {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        };
        expect([each.file, one.securityContext]).toEqual([each.file, rights]);
      }
    }
  });

  it('T19 and RB-N12 make the role and the database vault, with all statistics and no more of a superuser', () => {
    const { data } = manifest('ConfigMap', 'postgres-init', 'database');
    expect(data!['init.sh']).toMatch(/CREATE ROLE vault LOGIN[^]*CREATE DATABASE vault OWNER vault;/);
    expect(data!['init.sh']).toContain('GRANT pg_monitor');
    expect(data!['init.sh']).not.toContain('SUPERUSER');
  });

  it('T23 show the world no details of the parts and no metrics', () => {
    const rules = text(manifest('Ingress', 'vault-server').spec);
    const paths = [...rules.matchAll(/"path":"([^"]+)","pathType":"(\w+)"/g)].map(
      ([, path, type]) => `${path} ${type}`,
    );
    expect(paths).toContain('/health Exact');
    expect(paths.filter((path) => /detailed|metrics|^\/ |health Prefix/.test(path))).toEqual([]);
    expect(rules).not.toContain('9090');
  });
});
