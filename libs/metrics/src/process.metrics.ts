import { totalmem } from 'node:os';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { cpuLimitCores } from './cpu-limit.ts';

/** Gauges whose names end as those of counters do; the same facts are there under better names. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** CPU, memory, event loop and garbage of this process, and how much of the first two it may have. */
export function collectProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  new Gauge({
    name: 'process_memory_limit_bytes',
    help: 'Memory this process may have: the limit of its container, or all of the machine',
    registers: [registry],
    collect() {
      this.set(memoryLimit(process.constrainedMemory(), totalmem()));
    },
  });
  new Gauge({
    name: 'process_cpu_limit_cores',
    help: 'Cores this process may use: the limit of its container, or all of the machine',
    registers: [registry],
    collect() {
      this.set(cpuLimitCores());
    },
  });
}

/** @param constrained what Node read from the control groups: 0, or more than there is, when they set no limit. */
export function memoryLimit(constrained: number, total: number): number {
  return constrained > 0 && constrained < total ? constrained : total;
}
