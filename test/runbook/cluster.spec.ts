// The runbook, command by command, on a real API server with real servers of the vault behind it.
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, hasCluster, NAMESPACE } from '../support/cluster.ts';
import { fencedCommands } from '../support/fenced-commands.ts';
import { ADMIN } from '../support/vault.ts';

const MINUTES = 60_000;
/** Needs what the stand-in has not: port-forward, CronJobs of the new API, the debug pod's mounts, an object to restore. */
const NOT_HERE =
  /port-forward|--from=cronjob|vault-backup|backup list|storage restore|debug-pod|vault-debug|migration-job|job\/vault-migrate/;
/** Nothing is left to ask afterwards. */
const LAST = /replicas=0|--for=delete/;
/** Every rollout takes longer with more servers. */
const LATE = /scale|autoscal|hpa/i;
const written = fencedCommands('docs/operations/RUNBOOK.md').filter(({ text }) => !NOT_HERE.test(text));
const turn = ({ text }: { text: string }): number => (LAST.test(text) ? 2 : LATE.test(text) ? 1 : 0);
const commands = written.toSorted((one, other) => turn(one) - turn(other));
/** What is to be read in what some of them say. */
const SAYS: readonly (readonly [RegExp, string])[] = [
  [/-o name\); do/, '{"status":"ready"}{"status":"ready"}{"status":"ready"}'],
  [/health\/detailed$/, '"maintenance":false'],
  [/vault-server check db/, ''],
  [/rate_limit_status/, '"limited_ratio"'],
  [/wc -c/, '44'],
  [/auth\/login/, '401'],
  [/config show/, 'VAULT__DATABASE__MAX_CONNECTIONS'],
  [/pg_stat_activity WHERE/, 'pid'],
  [/openssl x509/, 'notAfter='],
  [/smoke-test/, '0 failed'],
  [/rotate-jwt/, 'every server signs with the key'],
  [/migrate status/, '0 pending'],
];

(hasCluster() ? describe : describe.skip)('on a cluster', () => {
  const cluster = new Cluster();

  beforeAll(async () => {
    await cluster.start();
    await cluster.ok(`kubectl wait --for=condition=complete job/vault-migrate -n ${NAMESPACE} --timeout=240s`);
    await cluster.ok(`kubectl rollout status deployment/vault-server -n ${NAMESPACE} --timeout=240s`);
    await cluster.ok(
      'openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=vault.example.org -keyout new-key.pem -out new-cert.pem && ' +
        `kubectl create secret tls vault-tls --cert=new-cert.pem --key=new-key.pem -n ${NAMESPACE}`,
    );
    await signedIn();
  }, 10 * MINUTES);
  afterAll(() => cluster.stop(), MINUTES);

  async function request(method: string, path: string, token: string, body?: object): Promise<number> {
    const answer = await fetch(`${cluster.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  async function signedIn(): Promise<string> {
    const deadline = Date.now() + MINUTES;
    for (;;) {
      const answer = await fetch(`${cluster.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ADMIN),
      }).catch(() => null);
      if (answer?.status === 200) return ((await answer.json()) as { access_token: string }).access_token;
      if (Date.now() > deadline) throw new Error(`sign-in answers ${answer?.status}`);
      await delay(500);
    }
  }

  async function until(is: () => Promise<boolean>, seconds: number): Promise<number> {
    const began = Date.now();
    while (!(await is())) {
      if (Date.now() - began > seconds * 1000) throw new Error(`not within ${seconds} s`);
      await delay(250);
    }
    return (Date.now() - began) / 1000;
  }

  /** Waits until no pod is on its way out: one that goes while it is asked for its log is an error of kubectl's. */
  async function settled(): Promise<void> {
    const leaving = `kubectl get pods -l app=vault-server -n ${NAMESPACE} -o jsonpath='{.items[*].metadata.deletionTimestamp}'`;
    await until(async () => (await cluster.ok(leaving)) === '', 90);
  }

  it('T10 and RB-C7 stop writes within ten seconds of the annotation, and let them go on after it is gone', async () => {
    const token = await signedIn();
    const write = (): Promise<number> => request('POST', '/datasets', token, { name: `during ${Date.now()}` });
    await cluster.ok(`kubectl annotate deployment vault-server maintenance=true --overwrite -n ${NAMESPACE}`);
    expect(await until(async () => (await write()) === 503, 10)).toBeLessThan(10);
    expect(await request('GET', '/datasets', token)).toBe(200);
    await cluster.ok(`kubectl annotate deployment vault-server maintenance- -n ${NAMESPACE}`);
    await until(async () => (await write()) === 201, 10);
  });

  it('RB-C6 ends every session by a rotation, without a restart, and touches nothing else in the Secret', async () => {
    const token = await signedIn();
    const keys = `kubectl get secret vault-secrets -n ${NAMESPACE} -o jsonpath='{.data.database-url}{.data.redis-url}'`;
    const before = await cluster.ok(keys);
    await cluster.ok('scripts/rotate-jwt.sh --restart');
    expect(await request('GET', '/datasets', token)).toBe(401);
    expect(await cluster.ok(keys)).toBe(before);
    expect(await request('GET', '/datasets', await signedIn())).toBe(200);
  });

  it('T9 keeps the number that scale.sh sets, against the autoscaler', async () => {
    await cluster.ok('scripts/scale.sh 4');
    await delay(20_000);
    const replicas = await cluster.ok(
      `kubectl get deployment vault-server -n ${NAMESPACE} -o jsonpath='{.spec.replicas}' && kubectl get hpa vault-server -n ${NAMESPACE} -o jsonpath=' {.spec.minReplicas}'`,
    );
    expect(replicas).toBe('4 4');
    await cluster.ok('scripts/scale.sh 3');
  });

  it('RB-C8 fails no request during a rolling restart', async () => {
    const token = await signedIn();
    let running = true;
    const outcomes: Record<string, number> = {};
    const caller = async (): Promise<void> => {
      while (running) {
        const status = await request('GET', '/datasets', token).catch((error: Error) => error.message);
        outcomes[status] = (outcomes[status] ?? 0) + 1;
        await delay(40);
      }
    };
    const callers = Array.from({ length: 4 }, caller);
    await cluster.ok(
      `kubectl rollout restart deployment/vault-server -n ${NAMESPACE} && kubectl rollout status deployment/vault-server -n ${NAMESPACE} --timeout=280s`,
    );
    running = false;
    await Promise.all(callers);
    expect(Object.keys(outcomes)).toEqual(['200']);
    expect(outcomes['200']).toBeGreaterThan(50);
  });

  it('RB-X2 and RB-N2 shows no secret to whoever looks at the environment of a pod', async () => {
    const env = await cluster.ok(
      `kubectl exec deployment/vault-server -n ${NAMESPACE} -- env | grep -E '^(VAULT__|AWS)' | grep -v ADMIN_PASSWORD`,
    );
    expect(env).toContain('VAULT__JWT_SECRET_FILE=');
    const values = `kubectl get secret vault-secrets -n ${NAMESPACE} -o jsonpath='{.data.jwt-secret} {.data.database-url}'`;
    for (const value of (await cluster.ok(values)).split(' '))
      expect(env).not.toContain(Buffer.from(value, 'base64').toString());
  });

  it('T21 says which settings were edited since their file was applied, and which take a restart', async () => {
    const show = `kubectl exec deployment/vault-server -n ${NAMESPACE} -- vault-server config show --json`;
    const drift = async (): Promise<unknown> => (JSON.parse(await cluster.ok(show)) as { drift: unknown }).drift;
    expect(await drift()).toEqual({ config_map: 'vault-config', edited: [], not_in_force: [] });
    const edit = (level: string): Promise<string> =>
      cluster.ok(
        `kubectl patch configmap vault-config -n ${NAMESPACE} -p '{"data":{"VAULT__TELEMETRY__LOG_LEVEL":"${level}"}}'`,
      );
    await edit('debug');
    const names = ['VAULT__TELEMETRY__LOG_LEVEL'];
    expect(await drift()).toEqual({ config_map: 'vault-config', edited: names, not_in_force: names });
    await edit('info');
  });

  it('RB-R1 has one text in Redis that says who is turned away', async () => {
    const text = await cluster.ok(
      `kubectl exec deployment/vault-server -n ${NAMESPACE} -- redis-cli -h redis GET rate_limit_status`,
    );
    expect(JSON.parse(text)).toMatchObject({ window_s: 60, allowed: expect.any(Number), by_class: expect.any(Object) });
  });

  it('T12 makes a backup from a pod, beside servers that work, and reads it back', async () => {
    const inPod = `kubectl exec deployment/vault-server -n ${NAMESPACE} -- vault-server backup`;
    const place = `${cluster.dir}/backups`;
    await cluster.ok(`${inPod} create --to ${place} --json`);
    await cluster.ok(`${inPod} verify --from ${place} --deep`);
  });

  it('T6 and T7 takes back sessions and API keys within two seconds, without a restart', async () => {
    const token = await signedIn();
    await cluster.ok(`kubectl exec deployment/vault-server -n ${NAMESPACE} -- vault-server auth revoke-all`);
    await until(async () => (await request('GET', '/datasets', token)) === 401, 2);
  });

  it.each(commands.map(({ section, line, text }) => [`RUNBOOK.md:${line}`, section, text]))(
    '%s, %s, ends well',
    async (_where, _section, text) => {
      if (/kubectl logs/.test(text)) await settled();
      const { code, out } = await cluster.sh(text);
      if (code !== 0) throw new Error(`${text}\nended with ${code}:\n${out.slice(-2000)}`);
      for (const [of, words] of SAYS.filter(([of]) => of.test(text)))
        expect([of, out]).toEqual([of, expect.stringContaining(words)]);
    },
    6 * MINUTES,
  );
});
