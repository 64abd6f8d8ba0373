import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where control groups say how much processor time there is in how much time: version 2 in one file, 1 in two. */
const V2 = ['cpu.max'];
const V1 = ['cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us'];

/**
 * Cores this process may use at once: what its container allows, or all that the machine has. An alert on "70 % of the
 * processor" needs it beside the time used, and no number of cores is right for every deployment.
 */
export function cpuLimitCores(groups = '/sys/fs/cgroup', cores = availableParallelism()): number {
  for (const files of [V2, V1]) {
    const [quota, period] = files.flatMap((file) => wordsIn(`${groups}/${file}`)).map(Number);
    // `max`, and -1 in version 1: no limit.
    if (quota && period && quota > 0 && period > 0) return Math.min(quota / period, cores);
  }
  return cores;
}

function wordsIn(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trim().split(/\s+/);
  } catch {
    return [];
  }
}
