import { describeSettings, type LoadedSettings } from '#config';
import { type Settings, settingsSchema } from './settings.ts';

export interface ShownSetting {
  name: string;
  /** Null where nothing is set; `(set)` for a secret. */
  value: string | null;
  source: string;
}

/** What the server runs with and where each value comes from, without secrets. */
export function effectiveSettings({ settings, sources }: LoadedSettings<Settings>): ShownSetting[] {
  return describeSettings(settingsSchema).map(({ name, secret }) => {
    const value = valueAt(settings, name);
    return { name, value: secret && value !== null ? '(set)' : value, source: sources[name] ?? 'default' };
  });
}

function valueAt(settings: object, name: string): string | null {
  const path = name.split('__').slice(1);
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | undefined)?.[key.toLowerCase()],
    settings,
  );
  if (value === undefined) return null;
  return Array.isArray(value) ? value.join(',') : String(value as string | number | boolean);
}
