// The manifests on a real API server, with pods as processes of this machine: folder KUBERNETES_TOOLS has the control plane
// (bin.tar.xz, cluster.sh) and a stand-in for the kubelet (kubelite.mjs), which looks for packages through KUBELITE_MODULES.
// What differs from a real cluster is put right here and in no manifest: there are no mounts, so the secret files are found
// through small programs in front of ours, and no Service addresses, so `localhost` in a pod is the pod's own.
import { randomBytes } from 'node:crypto';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Facts, freePort, stopAll } from '../../scripts/services/processes.ts';
import { startPostgres } from '../../scripts/services/postgres.ts';
import { startRedis } from '../../scripts/services/redis.ts';
import { type Manifest, manifests, podOf } from './kubernetes-manifests.ts';
import { ADMIN, MAIN } from './vault.ts';

export const clusterTools = process.env['KUBERNETES_TOOLS'];
export const NAMESPACE = 'llm-data-vault';

export interface Outcome {
  code: number;
  out: string;
}

export class Cluster {
  readonly dir = mkdtempSync(join(tmpdir(), 'cluster-'));
  /** Where an operator stands: scripts and manifests are there, and whatever the commands write. */
  readonly desk = join(this.dir, 'desk');
  url = '';
  private readonly children: ChildProcess[] = [];
  private refreshing: NodeJS.Timeout | null = null;
  private facts: Facts = {};

  async start(): Promise<void> {
    // PostgreSQL runs under a user of its own, and has to get through to its folder.
    chmodSync(this.dir, 0o755);
    this.prepareDesk();
    this.facts = {
      ...(await startPostgres(join(this.dir, 'postgres'))),
      ...(await startRedis(join(this.dir, 'redis'))),
    };
    const bin = join(this.dir, 'kubernetes');
    mkdirSync(bin);
    execFileSync('tar', ['xJf', join(clusterTools!, 'bin.tar.xz'), '-C', bin]);
    execFileSync('bash', [join(clusterTools!, 'cluster.sh'), 'start', this.dir], {
      env: { ...process.env, K8SBIN: join(bin, 'bin') },
      stdio: 'ignore',
    });
    await this.install();
    writeFileSync(join(this.dir, 'images.json'), JSON.stringify(this.images()));
    this.run('node', [join(clusterTools!, 'kubelite.mjs'), this.dir, join(this.dir, 'images.json')]);
    const port = await freePort();
    this.run('node', [join(clusterTools!, 'lb.mjs'), this.dir, NAMESPACE, 'app=vault-server', '8080', String(port)]);
    this.url = `http://127.0.0.1:${port}`;
    this.refreshing = setInterval(() => void this.refreshSecrets().catch(() => undefined), 5000);
  }

  /** Runs a command as an operator would who has read it in the runbook. */
  sh(text: string, seconds = 300): Promise<Outcome> {
    const env = { ...this.env(), VAULT_URL: this.url };
    return new Promise((done) =>
      execFile(
        'bash',
        ['-o', 'pipefail', '-c', text],
        { cwd: this.desk, env, timeout: seconds * 1000 },
        (error, out, err) => done({ code: error ? Number(error.code ?? 124) : 0, out: `${out}${err}` }),
      ),
    );
  }

  /** @throws Error with what it said when it does not end with 0. */
  async ok(text: string): Promise<string> {
    const { code, out } = await this.sh(text);
    if (code !== 0) throw new Error(`${text}\nended with ${code}:\n${out}`);
    return out;
  }

  async stop(): Promise<void> {
    if (this.refreshing) clearInterval(this.refreshing);
    for (const child of this.children.toReversed()) {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
    }
    execFileSync('bash', [join(clusterTools!, 'cluster.sh'), 'stop', this.dir], { stdio: 'ignore' });
    await stopAll(this.dir);
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** Brings a changed Secret to the pods that run, as a kubelet does and the stand-in does not. */
  private async refreshSecrets(): Promise<void> {
    const out = await this.ok(`kubectl get secret vault-secrets -n ${NAMESPACE} -o json`);
    const { data } = JSON.parse(out) as { data: Record<string, string> };
    for (const file of globSync(join(this.dir, 'pods', '*', 'vol', 'secrets', '*'))) {
      const value = Buffer.from(data[basename(file)] ?? '', 'base64').toString();
      if (value === '' || value === readFileSync(file, 'utf8')) continue;
      writeFileSync(`${file}.new`, value, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
  }

  private run(command: string, args: string[]): void {
    this.children.push(spawn(command, args, { env: this.env(), stdio: 'ignore' }));
  }

  private env(): NodeJS.ProcessEnv {
    const path = `${join(this.dir, 'laptop')}:${process.env['PATH']}`;
    return {
      ...process.env,
      PATH: path,
      KUBECONFIG: join(this.dir, 'kubeconfig'),
      EDITOR: 'true',
      KUBE_EDITOR: 'true',
    };
  }

  private prepareDesk(): void {
    mkdirSync(this.desk);
    for (const name of ['deploy', 'scripts']) symlinkSync(resolve(name), join(this.desk, name));
    // On the laptop localhost is what port-forward leads to.
    this.program('laptop', 'curl', 'exec /usr/bin/curl "${@//http:\\/\\/localhost:8080/$VAULT_URL}"');
    this.program('pod', 'curl', 'exec /usr/bin/curl "${@//localhost/$POD_IP}"');
    this.program(
      'pod',
      'redis-cli',
      'shift 2; exec /usr/bin/redis-cli --no-auth-warning -u "$(cat "$KUBELITE_VOL_secrets/redis-url")" "$@"',
    );
    this.program(
      'pod',
      'vault-server',
      [
        'export VAULT__JWT_SECRET_FILE="$KUBELITE_VOL_secrets/jwt-secret" VAULT__DATABASE__URL_FILE="$KUBELITE_VOL_secrets/database-url"',
        'export VAULT__REDIS__URL_FILE="-$KUBELITE_VOL_secrets/redis-url"',
        'export VAULT__ENCRYPTION__MASTER_KEY_FILE="$KUBELITE_VOL_master_key/master-key"',
        'unset VAULT__TELEMETRY__CERTIFICATE_FILE AWS_SHARED_CREDENTIALS_FILE',
        `exec ${process.execPath} ${MAIN} "$@"`,
      ].join('\n'),
    );
  }

  private program(where: string, name: string, script: string): void {
    const folder = join(this.dir, where);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  private images(): object {
    const path = `${join(this.dir, 'pod')}:${process.env['PATH']}`;
    const database = new URL(this.facts['TEST_DATABASE_URL']!);
    return {
      'llm-data-vault': {
        cmd: ['vault-server'],
        env: {
          PATH: path,
          VAULT__HOST: '$POD_IP',
          VAULT__DATA_DIR: join(this.dir, 'data'),
          VAULT__BOOTSTRAP__ADMIN_PASSWORD: ADMIN.password,
          VAULT__MAINTENANCE__KUBERNETES_URL: this.apiServer(),
          VAULT__MAINTENANCE__SERVICE_ACCOUNT_DIR: join(this.dir, 'account'),
        },
      },
      postgres: {
        // The database itself runs beside the cluster.
        cmd: ['bash', '-c', 'sleep 1000000'],
        env: { PATH: path, PGHOST: database.hostname, PGPORT: database.port, PGPASSWORD: database.password },
      },
    };
  }

  private apiServer(): string {
    return /server: "([^"]+)"/.exec(readFileSync(join(this.dir, 'kubeconfig'), 'utf8'))![1]!;
  }

  private async install(): Promise<void> {
    const apply = async (objects: readonly object[]): Promise<void> => {
      const file = join(this.dir, 'objects.json');
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
      await this.ok(`kubectl apply -f ${file}`);
    };
    const from = (folder: string): Manifest[] =>
      manifests.filter(({ file }) => new RegExp(`^${folder}/[^/]+$`).test(file));
    const wanted = [...from('deploy/kubernetes/dev'), ...from('deploy/kubernetes')].filter(isForHere);
    const spaces = wanted.filter(({ kind }) => kind === 'Namespace');
    await apply(spaces.map((each) => this.asHere(each)));
    const master = randomBytes(32).toString('base64');
    await this.ok(
      `kubectl create secret generic vault-secrets -n ${NAMESPACE} --from-literal=jwt-secret=${'s'.repeat(40)} ` +
        `--from-literal=database-url=${this.facts['TEST_DATABASE_URL']} --from-literal=redis-url=${this.facts['TEST_REDIS_URL']} && ` +
        `kubectl create secret generic vault-master-key -n ${NAMESPACE} --from-literal=master-key=${master}`,
    );
    await apply(wanted.filter((each) => !spaces.includes(each)).map((each) => this.asHere(each)));
    await this.bringToken();
  }

  /** For an API server of 1.20, without mounts, and with files in place of S3. */
  private asHere({ file: _file, ...object }: Manifest): object {
    const older: Record<string, string> = {
      HorizontalPodAutoscaler: 'autoscaling/v2beta2',
      PodDisruptionBudget: 'policy/v1beta1',
      CronJob: 'batch/v1beta1',
    };
    const copy = structuredClone({ ...object, apiVersion: older[object.kind] ?? object.apiVersion }) as Manifest;
    const pod = podOf(copy);
    if (copy.kind === 'StatefulSet') {
      delete copy.spec!['volumeClaimTemplates'];
      pod!.spec.containers[0]!.volumeMounts = [];
    }
    if (pod && /vault/.test(copy.metadata.name)) {
      pod.spec.volumes = [
        { name: 'secrets', secret: { secretName: 'vault-secrets' } },
        { name: 'master-key', secret: { secretName: 'vault-master-key' } },
      ];
      for (const container of pod.spec.containers) {
        container.volumeMounts = container.volumeMounts!.filter(({ name }) => ['secrets', 'master-key'].includes(name));
      }
    }
    if (copy.metadata.name === 'vault-config') {
      const path = join(this.dir, 'objects');
      copy.data = { ...copy.data, VAULT__STORAGE__BACKEND: 'filesystem', VAULT__STORAGE__FILESYSTEM__PATH: path };
    }
    return copy;
  }

  /** The token of the ServiceAccount, with the rights of rbac.yaml and no others, where the server looks for it. */
  private async bringToken(): Promise<void> {
    const folder = join(this.dir, 'account');
    mkdirSync(folder);
    const deadline = Date.now() + 30_000;
    let name = '';
    while (!name) {
      if (Date.now() > deadline) throw new Error('the ServiceAccount gets no token');
      name = await this.ok(`kubectl get sa vault-server -n ${NAMESPACE} -o jsonpath='{.secrets[0].name}'`);
      await delay(200);
    }
    for (const key of ['token', 'ca.crt', 'namespace']) {
      const path = key.replace('.', '\\.');
      const value = await this.ok(
        `kubectl get secret ${name} -n ${NAMESPACE} -o jsonpath='{.data.${path}}' | base64 -d`,
      );
      writeFileSync(join(folder, key), value, { mode: 0o600 });
    }
  }
}

/** Neither policies nor storage are kept by the stand-in, and it measures by itself. */
function isForHere({ kind, metadata }: Manifest): boolean {
  return (
    !['NetworkPolicy', 'APIService', 'ClusterRole', 'ClusterRoleBinding'].includes(kind) &&
    !['metrics-server', 'metrics-server-auth-reader', 'redis', 's3', 'vault-debug'].includes(metadata.name)
  );
}

export function hasCluster(): boolean {
  return clusterTools !== undefined && existsSync(join(clusterTools, 'cluster.sh'));
}
