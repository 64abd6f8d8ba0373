import type { Provider } from '@nestjs/common';
import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Registry } from 'prom-client';

/** `vault_build_info{version,node} 1`, as Prometheus' own programs tell it: what runs where, to join other series with. */
export function buildInfo(registry: Registry, version: string): Provider {
  return makeGaugeProvider({
    name: 'vault_build_info',
    help: 'Always 1; the labels say which version runs, and on which Node',
    labelNames: ['version', 'node'],
    registers: [registry],
    collect() {
      this.set({ version, node: process.version }, 1);
    },
  });
}
