import { Gauge, type Registry } from 'prom-client';

/** `vault_build_info{version,node} 1`, as Prometheus' own programs tell it: what runs where, to join other series with. */
export function tellBuild(registry: Registry, version: string): void {
  new Gauge({
    name: 'vault_build_info',
    help: 'Always 1; the labels say which version runs, and on which Node',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1);
}
