// Builds and runs containers with buildah and podman, with storage of its own that goes away with the test.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function hasContainers(): boolean {
  return ['buildah', 'podman', 'debootstrap'].every((name) => spawnSync('which', [name]).status === 0);
}

/** The image without a shell too; building both takes minutes. */
export const everyImage = process.env['EVERY_IMAGE'] !== undefined;

export class Containers {
  private readonly dir = mkdtempSync(join(tmpdir(), 'containers-'));
  private readonly env: NodeJS.ProcessEnv;

  constructor() {
    const inside = (name: string): string => join(this.dir, name);
    for (const name of ['graph', 'run', 'tmp']) mkdirSync(inside(name));
    writeFileSync(
      inside('storage.conf'),
      `[storage]\ndriver = "overlay"\ngraphroot = "${inside('graph')}"\nrunroot = "${inside('run')}"\n`,
    );
    writeFileSync(
      inside('containers.conf'),
      '[containers]\nnetns = "host"\nlog_driver = "k8s-file"\ndefault_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]\n[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "runc"\n',
    );
    this.env = {
      ...process.env,
      CONTAINERS_STORAGE_CONF: inside('storage.conf'),
      CONTAINERS_CONF: inside('containers.conf'),
      TMPDIR: inside('tmp'),
    };
  }

  /** Gives what it printed. @throws Error with what it said when it does not end with 0. */
  run(command: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(command, args, {
      env: this.env,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    if (status !== 0)
      throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${(stdout + stderr).slice(-3000)}`);
    return stdout;
  }

  /** Makes the image as a release does, from local base images where no registry is to be reached. */
  build(tag: string, target: string[] = []): void {
    this.run('bash', 'scripts/local-base-images.sh', join(this.dir, 'root'));
    // Where both targets are built, what they share is built once: by layers, which takes longer for one.
    const layers = everyImage ? ['--layers'] : [];
    const how = [...layers, '--isolation', 'chroot', '--network', 'host', '--pull-never', '--format', 'docker'];
    const what = ['--build-arg', 'VERSION=0.1.0', '--build-arg', 'REVISION=abc', ...target, '-t', tag, '.'];
    this.run('buildah', 'bud', ...how, ...what);
  }

  remove(): void {
    spawnSync('podman', ['rm', '-f', '-a', '-t', '5'], { env: this.env });
    // Layers are mounts.
    spawnSync('umount', ['-R', join(this.dir, 'graph', 'overlay')]);
    execFileSync('buildah', ['rm', '-a'], { env: this.env, stdio: 'ignore' });
    rmSync(this.dir, { recursive: true, force: true });
  }
}
