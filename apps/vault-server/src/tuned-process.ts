import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

const MB = 1024 * 1024;
/** Of the memory there is: the rest is for buffers, threads and the embedded database, which are outside of the heap. */
const HEAP_SHARE = 0.75;
/**
 * New-space: what a batch leaves behind is let go sooner; threads, which only see batches, have half of it (see
 * libs/workers), while requests leave less behind than they cost with a space of 1 MB. Liftoff: the embedded database is compiled once and quickly,
 * not again while it runs; its start takes a third of the memory, and an import less processor time in all.
 */
const OPTIONS = ['--max-semi-space-size=2', '--liftoff-only'];

/**
 * Starts this process anew, in place and under the same id, with limits that can only be set from outside: the heap from
 * the memory limit of the container, and an allocator that gives large buffers back instead of keeping them (with
 * glibc's defaults an import holds 60 MB more). Does nothing where it was done already, or an operator has chosen.
 */
export function tuneProcess(env: NodeJS.ProcessEnv): void {
  if (env['MALLOC_ARENA_MAX'] !== undefined || process.platform !== 'linux' || !process.execve) return;
  const heap = `--max-old-space-size=${heapMegabytes()}`;
  const args = [process.execPath, ...OPTIONS, heap, ...process.execArgv, ...process.argv.slice(1)];
  const malloc = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
  process.execve(process.execPath, args, { ...env, ...malloc } as NodeJS.ProcessEnv & Record<string, string>);
}

function heapMegabytes(): number {
  const limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'].map(limitIn);
  return Math.floor((Math.min(totalmem(), ...limits) * HEAP_SHARE) / MB);
}

/** cgroup v2 says `max` and v1 a huge number where there is no limit. */
function limitIn(file: string): number {
  try {
    const bytes = Number(readFileSync(file, 'utf8'));
    return Number.isFinite(bytes) && bytes > 0 ? bytes : Infinity;
  } catch {
    return Infinity;
  }
}
