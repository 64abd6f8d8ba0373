// health: whether the vault runs, whether it wants requests, and how each of its parts is.
export { HealthModule } from './health.module.ts';
export type { HealthOptions } from './health.module.ts';
export { Readiness } from './readiness.ts';
