// Runs `vault-server COMMAND` as an operator does, on what a vault left behind or beside it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createBlobStore, storageConfig, type BlobStore } from '#storage';
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
  const base = under ? environment(under) : { PATH: process.env['PATH'] ?? '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env: { ...base, ...env },
    encoding: 'utf8',
    timeout: 100_000,
    maxBuffer: 256 * 1024 * 1024,
  });
  return {
    status,
    stdout,
    stderr,
    get json(): J {
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
