// What every bench needs: a line of the table, percentiles, and how much memory a process had at the most.
import { readFileSync, writeFileSync } from 'node:fs';

export interface Row {
  name: string;
  /** Of the product, in `unit`. */
  value: number;
  unit: string;
  p50?: number;
  p99?: number;
  peakMb?: number;
  /** What it is held against, measured in the same run. */
  baseline?: { name: string; value: number };
}

const columns = (cells: string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(34) : cell.padStart(12))).join(' ');

export function printHead(title: string): void {
  console.log(`\n${title}`);
  console.log(columns(['', 'throughput', 'unit', 'p50 ms', 'p99 ms', 'peak MB', 'ratio']) + '  of');
}

export function print({ name, value, unit, p50, p99, peakMb, baseline }: Row): void {
  const ratio = baseline ? (value / baseline.value).toFixed(2) : '';
  const cells = [name, round(value), unit, milliseconds(p50), milliseconds(p99), peakMb ? round(peakMb) : '', ratio];
  console.log(columns(cells) + (baseline ? `  ${baseline.name} ${round(baseline.value)}` : ''));
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

export function percentile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The most memory a process has had resident so far, in MB (proc(5): VmHWM). */
export function peakRss(pid: number): number {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}

/** From here on the most memory counts anew, so that of one part of a bench is not that of another (proc(5): clear_refs). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Processor time a process has had so far, all of its threads (proc(5): stat; Linux counts in hundredths of a second). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Units a second of some work, measured over about a second and the best of three. */
export function bestRate(unitsOnce: number, work: () => void): number {
  let best = 0;
  for (let round = 0; round < 3; round += 1) {
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < 1000) {
      work();
      done += unitsOnce;
    }
    best = Math.max(best, done / ((performance.now() - start) / 1000));
  }
  return best;
}
