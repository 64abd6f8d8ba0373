// metrics: counts what happens, and shows it to Prometheus on a port of its own.
export { HttpMetrics } from './http.metrics.ts';
export type { RequestEnded } from './http.metrics.ts';
export { MetricsModule } from './metrics.module.ts';
export type { MetricsListenerOptions } from './metrics.listener.ts';
export { ResourceMetrics } from './resource.metrics.ts';
export type { JobCounts, PoolCounts } from './resource.metrics.ts';
export { VaultMetrics } from './vault.metrics.ts';
