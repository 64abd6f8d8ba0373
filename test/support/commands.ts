// Runs `vault-server COMMAND` as an operator does, on what a vault left behind or beside it.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type BlobStore, createBlobStore, storageConfig } from '#storage';
import type { Backing } from './backing.ts';
import { environment, MAIN } from './vault.ts';

export interface Ran<J> {
  status: number | null;
  stdout: string;
  stderr: string;
  /** What `--json` printed; to be asked only where it was given. */
  json: J;
}

export function command<J = Record<string, unknown>>(
  under: Backing | null,
  args: readonly string[],
  env: Record<string, string> = {},
): Ran<J> {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env: environmentOf(under, env),
    encoding: 'utf8',
    timeout: 100_000,
    maxBuffer: 256 * 1024 * 1024,
  });
  return ran(status, stdout, stderr);
}

/** The same, and this process goes on meanwhile. */
export async function commandMeanwhile<J = Record<string, unknown>>(
  under: Backing | null,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran<J>> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: environmentOf(under, env), timeout: 100_000 });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return ran(await ended, stdout, stderr);
}

function environmentOf(under: Backing | null, env: Record<string, string>): Record<string, string> {
  return { ...(under ? environment(under) : { PATH: process.env['PATH'] ?? '' }), ...env };
}

function ran<J>(status: number | null, stdout: string, stderr: string): Ran<J> {
  return {
    status,
    stdout,
    stderr,
    get json(): J {
      if (!stdout.startsWith('{')) throw new Error(`it printed no JSON and ended with ${status}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as J;
    },
  };
}

/** The store a vault keeps its objects in, to damage them. */
export function blobsOf({ env, dataDir }: Backing): Promise<BlobStore> {
  const config = storageConfig.parse({
    backend: env['VAULT__STORAGE__BACKEND'] ?? 'filesystem',
    s3: {
      bucket: env['VAULT__STORAGE__S3__BUCKET'],
      endpoint: env['VAULT__STORAGE__S3__ENDPOINT'],
      prefix: env['VAULT__STORAGE__S3__PREFIX'],
    },
    filesystem: { path: join(dataDir, 'blobs') },
  });
  return createBlobStore(config, dataDir);
}
