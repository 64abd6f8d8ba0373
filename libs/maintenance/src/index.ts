// maintenance: for a while the vault is read and not written, on every replica.
export { KubernetesApi, KubernetesRefused } from './kubernetes/kubernetes.api.ts';
export { type MaintenanceConfig, maintenanceConfig } from './maintenance.config.ts';
export { MaintenanceSwitch } from './maintenance-switch.entity.ts';
export type { MaintenanceSource } from './maintenance-switch.entity.ts';
export { MaintenanceInForce } from './maintenance.errors.ts';
export { MaintenanceMode } from './maintenance.mode.ts';
export { MaintenanceModule } from './maintenance.module.ts';
export { MaintenanceSwitches } from './maintenance.switches.ts';
