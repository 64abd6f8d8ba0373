import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cpuLimitCores } from './cpu-limit.ts';

function groups(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cgroup-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('cpuLimitCores', () => {
  it.each<[string, Record<string, string>, number]>([
    ['half a core of version 2', { 'cpu.max': '50000 100000\n' }, 0.5],
    ['no limit in version 2', { 'cpu.max': 'max 100000\n' }, 8],
    ['two cores of version 1', { 'cpu/cpu.cfs_quota_us': '200000\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 2],
    ['no limit in version 1', { 'cpu/cpu.cfs_quota_us': '-1\n', 'cpu/cpu.cfs_period_us': '100000\n' }, 8],
    ['a machine without control groups', {}, 8],
    ['a limit that is more than the machine has', { 'cpu.max': '3200000 100000' }, 8],
    ['something unreadable', { 'cpu.max': '?' }, 8],
  ])('reads %s', (_name, files, cores) => {
    expect(cpuLimitCores(groups(files), 8)).toBe(cores);
  });
});
