// Every command that stands in the runbook and in the installation is one that exists, on objects that exist.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { fencedCommands } from '../support/fenced-commands.ts';
import { manifests, podOf } from '../support/kubernetes-manifests.ts';
import { MAIN } from '../support/vault.ts';
import { metricsIn } from '../support/watched.ts';

const DOCUMENTS = ['docs/operations/RUNBOOK.md', 'docs/deployment/KUBERNETES.md'];
const commands = DOCUMENTS.flatMap((file) => fencedCommands(file).map((command) => ({ ...command, file })));
const row = ({ file, line, text }: (typeof commands)[number]): [string, string] => [`${file}:${line}`, text];
const runbook = readFileSync(DOCUMENTS[0]!, 'utf8');

/** Made by a command of the same document, or by Kubernetes itself. */
const MADE = ['secret/vault-secrets', 'secret/vault-master-key', 'secret/vault-tls', 'job/vault-backup-now'];
const known = new Set([
  ...manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`),
  ...MADE,
  'job/vault-backup-before',
  'pod/postgres-0',
]);
const KINDS: Record<string, string> = {
  svc: 'service',
  hpa: 'horizontalpodautoscaler',
  pods: 'pod',
};
const NOT_NAMES = /^(-|true$|false$)/;
const WITH_VALUE = /^(-[lncopf]|-A\d|--type)$/;

const helped = new Map<string, { status: number | null; stdout: string }>();

/** What the program says of a command; it is asked once. */
function helpOf(...path: string[]): { status: number | null; stdout: string } {
  const known = helped.get(path.join(' '));
  if (known) return known;
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...path, '--help'], { encoding: 'utf8' });
  helped.set(path.join(' '), { status, stdout });
  return { status, stdout };
}

function kubectlCalls(text: string): string[][] {
  return [...text.matchAll(/kubectl ((?:[^|;&()"']|"[^"]*"|'[^']*')+)/g)].map(([, rest]) => rest!.trim().split(/\s+/));
}

/** What a call names: `kind/name`, or the names after a kind. */
function namedBy(call: string[]): string[] {
  const [verb, ...words] = call[0] === 'set' ? call.slice(1) : call;
  const plain = words.filter((word, index) => !NOT_NAMES.test(word) && !WITH_VALUE.test(words[index - 1] ?? ''));
  const before = plain.slice(0, words.includes('--') ? plain.indexOf(words[words.indexOf('--') + 1]!) : undefined);
  const slashed = before.filter((word) => /^[a-z]+\/[a-z0-9-]+$/.test(word));
  if (slashed.length > 0 || verb === 'apply' || verb === 'create') return slashed.map(full);
  const [kind, ...names] = verb === 'exec' || verb === 'logs' ? ['pod', ...before] : before;
  return names.filter((name) => /^[a-z0-9-]*[a-z0-9]$/.test(name)).map((name) => full(`${kind}/${name}`));
}

function full(name: string): string {
  const [kind, rest] = name.split('/') as [string, string];
  return `${KINDS[kind] ?? kind}/${rest}`;
}

it('there are commands to look at', () => {
  expect(commands.length).toBeGreaterThan(60);
});

describe('each command', () => {
  it.each(commands.map(row))('%s is read by the shell without complaint', (_where, text) => {
    expect(spawnSync('bash', ['-n'], { input: text }).status).toBe(0);
  });

  it.each(commands.map(row))('T6 %s names its namespace', (_where, text) => {
    const calls = kubectlCalls(text).filter((words) => !(words[0] === 'apply' && text.includes('deploy/kubernetes/')));
    expect(calls.filter((words) => !words.includes('-n'))).toEqual([]);
    const spaces = calls.map((words) => words[words.indexOf('-n') + 1]!);
    expect(spaces.filter((space) => !known.has(`namespace/${space}`))).toEqual([]);
  });

  it.each(commands.map(row))('T1 %s names what there is', (_where, text) => {
    const named = kubectlCalls(text).flatMap(namedBy);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const labels = [...text.matchAll(/-l (\S+)=(\S+)/g)].map(([, key, value]) => [key!, value!] as const);
    const pods = manifests.map((each) => podOf(each)?.metadata?.labels ?? {});
    expect(labels.filter(([key, value]) => !pods.some((one) => one[key] === value))).toEqual([]);
    const files = [...text.matchAll(/\b((?:deploy|scripts)\/[\w./-]+)/g)].map(([, path]) => path!);
    expect(files.filter((path) => !existsSync(path))).toEqual([]);
    for (const script of files.filter((path) => path.endsWith('.sh'))) accessSync(script, constants.X_OK);
  });

  it('T2 and T3 of the logs of several pods asks for all lines, and for enough pods', () => {
    const logs = commands.filter(({ text }) => /kubectl logs .*-l /.test(text));
    expect(logs.length).toBeGreaterThan(3);
    expect(logs.filter(({ text }) => !/--tail=(-1|\d+) --max-log-requests=30/.test(text))).toEqual([]);
  });

  it.each(
    [
      ...new Set(
        commands.flatMap(({ text }) =>
          [...text.matchAll(/-- vault-server ([a-z][a-z -]*)/g)].map(([, words]) => words!.replace(/ -.*/, '').trim()),
        ),
      ),
    ].map((words) => [words]),
  )('vault-server %s is a command', (words) => {
    const [command, sub] = words.split(' ');
    const help = helpOf(command!);
    expect(help.status).toBe(0);
    expect(help.stdout).toMatch(new RegExp(`^Usage: vault-server ${command} `));
    if (sub) expect(help.stdout).toMatch(new RegExp(`^ +${sub} |choices:[^)]*"${sub}"`, 'm'));
  });

  it('has options that the program has', () => {
    const used = commands.flatMap(({ text }) =>
      [...text.matchAll(/-- vault-server ([a-z]+)(?: ([a-z][a-z-]*))?([^|>]*)/g)].map(([, command, sub, rest]) => ({
        path: sub ? [command!, sub] : [command!],
        options: rest!.match(/(?<= )--[a-z-]+/g) ?? [],
      })),
    );
    const missing = used.flatMap(({ path, options }) => {
      const help = helpOf(...path).stdout;
      return options.filter((option) => !help.includes(option)).map((option) => `${path.join(' ')} ${option}`);
    });
    expect(missing).toEqual([]);
  });
});

describe('the runbook', () => {
  it('asks Prometheus for metrics that there are', () => {
    const text = readFileSync('docs/operations/MONITORING.md', 'utf8');
    const metrics = fencedCommands(DOCUMENTS[0]!, 'promql').flatMap(({ text: query }) => metricsIn(query));
    expect(metrics.length).toBeGreaterThan(3);
    expect(metrics.filter((metric) => !text.includes(`\`${metric}`))).toEqual([]);
  });

  it('RB-N13 stands among the documents it leads to', () => {
    for (const file of ['deployment/CONFIGURATION.md', 'deployment/KUBERNETES.md', 'security/HARDENING.md'])
      expect([file, existsSync(`docs/${file}`)]).toEqual([file, true]);
    expect(existsSync('docs/architecture/OVERVIEW.md')).toBe(true);
  });

  it.each([
    ['T4', 'fromjson?'],
    ['T5', 'vault-optional'],
    ['T7', 'revoke-all --api-keys'],
    ['T8', 'cmctl renew'],
    ['T9', 'autoscaler'],
    ['T11', 'debug-pod.yaml'],
    ['T12', 'vault-server backup create'],
    ['T13', '--into-empty'],
    ['T14', 'vault_app'],
    ['T15', 'kubectl cp'],
    ['T16', 'migration-job.yaml'],
    ['T17', 'config show'],
    ['T18', 'kubectl port-forward svc/vault-server 8080:8080'],
    ['T19', 'pg_monitor'],
    ['T21', 'An edit lasts until somebody applies'],
    ['T22', 'kubectl top'],
    ['T24', 'keeps versions'],
    ['T25', 'External Secrets'],
    ['RB-X5', 'redis-cli -h redis GET rate_limit_status'],
    ['RB-C4', '/api/v1/auth/login'],
  ])('%s is dealt with', (_row, words) => {
    expect(runbook).toContain(words);
  });

  it('names only error codes that there are', () => {
    const errors = readFileSync('docs/errors.md', 'utf8');
    const codes = [...runbook.matchAll(/^\| `([A-Z][A-Z_]+)`/gm)].map(([, code]) => code!);
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => !errors.includes(`### \`${code.toLowerCase().replaceAll('_', '-')}\``))).toEqual([]);
  });
});
