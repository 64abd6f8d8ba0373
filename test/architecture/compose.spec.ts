// The compose file starts everything there is, with names that the server knows.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { replicas: number };
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
}

const { services, volumes } = parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, object>;
};
const settings = readFileSync('docs/deployment/CONFIGURATION.md', 'utf8');
const ONCE = ['migrate', 'bucket'];

describe('deploy/compose.yaml', () => {
  it('has two servers behind nginx, and all that they stand on and are watched by', () => {
    const names = 'bucket grafana migrate nginx postgres prometheus redis s3 vault worker'.split(' ');
    expect(Object.keys(services)).toEqual(expect.arrayContaining(names));
    expect(services['vault']!.deploy).toEqual({ replicas: 2 });
    expect(readFileSync('deploy/nginx.conf', 'utf8')).toContain('server vault:8080 resolve;');
    expect(readFileSync('deploy/prometheus/prometheus.yml', 'utf8')).toMatch(/names: \[vault, worker\]/);
    // Jobs are done in one place.
    expect(services['vault']!.environment!['VAULT__JOBS__IN_SERVER']).toBe('false');
  });

  it('sets only what is a setting', () => {
    const named = Object.values(services).flatMap(({ environment = {} }) => Object.keys(environment));
    const ours = named.filter((name) => name.startsWith('VAULT__'));
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.filter((name) => !settings.includes(`\`${name}\``))).toEqual([]);
  });

  it('asks every service that stays whether it works', () => {
    // The image of the vault has a check of its own.
    const unasked = Object.entries(services).filter(
      ([name, { image, healthcheck }]) =>
        !ONCE.includes(name) && !image.startsWith('llm-data-vault') && !healthcheck?.test,
    );
    expect(unasked.map(([name]) => name)).toEqual([]);
    expect(readFileSync('Dockerfile', 'utf8')).toContain('HEALTHCHECK');
  });

  it('waits for what is there, and for its end or its health', () => {
    for (const [name, { depends_on: needs = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(needs)) {
        const expected = ONCE.includes(other) ? 'service_completed_successfully' : 'service_healthy';
        expect([name, other, services[other] && condition]).toEqual([name, other, expected]);
      }
    }
  });

  it('mounts what is there', () => {
    const mounted = Object.values(services).flatMap(({ volumes: list = [] }) =>
      list.map((volume) => volume.split(':')[0]!),
    );
    const missing = mounted.filter((from) =>
      from.startsWith('.') ? !existsSync(join('deploy', from)) : !Object.hasOwn(volumes, from),
    );
    expect(missing).toEqual([]);
  });

  it('names a version of every image of others, and takes the rights from ours', () => {
    for (const [name, { image, read_only: readOnly, cap_drop: dropped }] of Object.entries(services)) {
      const isOurs = image.startsWith('llm-data-vault');
      expect([name, image]).toEqual([name, expect.stringMatching(/:(?!latest$).+$/)]);
      expect([name, isOurs && readOnly && dropped]).toEqual([name, isOurs && ['ALL']]);
    }
  });
});

describe('deploy/nginx.conf', () => {
  const pattern = /location ~ (\S+) \{/.exec(readFileSync('deploy/nginx.conf', 'utf8'))![1]!;

  it.each([
    ['/api/v1/datasets', true],
    ['/docs', true],
    ['/docs/static/x.js', true],
    ['/docs-json', true],
    ['/problems/not-found', true],
    ['/.well-known/ldv-keys', true],
    ['/health', true],
    ['/health/live', true],
    ['/health/ready', true],
    ['/health/detailed', false],
    ['/metrics', false],
    ['/', false],
    ['/apis', false],
  ])('lets %s through: %s', (path, through) => {
    expect(new RegExp(pattern).test(path)).toBe(through);
  });
});
