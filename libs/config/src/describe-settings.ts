import type { z } from 'zod';
import { settingTree } from './setting.ts';

/** One line of docs/configuration.md. */
export interface SettingRow {
  name: string;
  /** As the operator would type it, or null when there is none. */
  default: string | null;
  description: string;
  /** Secrets are never shown, and best given as `…_FILE`. */
  secret: boolean;
}

/** What an operator can set, in the order of the schema. */
export function describeSettings(schema: z.ZodObject): SettingRow[] {
  return settingTree(schema).settings.map(({ name, defaultValue, description, secret }) => ({
    name,
    default: asText(defaultValue),
    description,
    secret,
  }));
}

function asText(value: unknown): string | null {
  if (Array.isArray(value)) return value.map(asText).join(',');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
