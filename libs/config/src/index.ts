// config: environment and files -> checked, frozen settings.
export { loadSettings } from './load-settings.ts';
export type { Environment } from './environment.layer.ts';
export type { Frozen, LoadedSettings, LoadOptions, SettingSource } from './load-settings.ts';
export { describeSettings } from './describe-settings.ts';
export type { SettingRow } from './describe-settings.ts';
export { SettingsInvalid } from './settings.errors.ts';
