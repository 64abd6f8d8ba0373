import type { z } from 'zod';
import type { Issue } from '#kernel';
import { type Environment, readEnvironment } from './environment.layer.ts';
import { readConfigFile } from './file.layer.ts';
import { Layers, type SettingSource } from './layers.ts';
import { type Setting, settingName, type SettingTree, settingTree } from './setting.ts';
import { SettingsInvalid } from './settings.errors.ts';

export type { SettingSource } from './layers.ts';

export type Frozen<T> = T extends readonly (infer I)[]
  ? readonly Frozen<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

export interface LoadOptions {
  /** The process environment, unless a test hands in another. */
  env?: Environment;
  /** Folder of `default.toml` and one file for each value of `VAULT__ENV`; none of them has to exist. */
  configDir?: string;
}

export interface LoadedSettings<T> {
  settings: Frozen<T>;
  /** Where each setting came from, by the operator's name for it. */
  sources: Readonly<Record<string, SettingSource>>;
  /** Which file each secret was read from, for whoever wants to notice that it has changed. */
  files: Readonly<Record<string, string>>;
}

/**
 * The settings of a schema of nested objects with lower snake_case keys (`storage.s3.bucket` is
 * `VAULT__STORAGE__S3__BUCKET`): environment over `config/{env}.toml` over `config/default.toml` over defaults.
 *
 * @throws SettingsInvalid with all mistakes at once, by the operator's names and never with a value.
 */
export function loadSettings<S extends z.ZodObject>(schema: S, options: LoadOptions = {}): LoadedSettings<z.infer<S>> {
  const { env = process.env, configDir = 'config' } = options;
  const { settings, sections } = settingTree(schema);
  const layers = new Layers();

  readConfigFile(configDir, 'default.toml', settings, layers);
  const byDefault = settings.find(({ name }) => name === 'VAULT__ENV')?.defaultValue ?? 'production';
  const which = env['VAULT__ENV'] ?? layers.value('VAULT__ENV') ?? byDefault;
  if (typeof which === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(which) && which !== 'default') {
    readConfigFile(configDir, `${which}.toml`, settings, layers);
  } else {
    // It becomes part of a path, so anything else could name a file outside of the folder.
    layers.mistake('VAULT__ENV', 'expected lower-case letters, digits and hyphens, and not "default"');
  }
  readEnvironment(env, settings, layers);

  const checked = schema.safeParse(nested(settings, sections, layers));
  const issues = checked.success ? [] : checked.error.issues;
  const mistakes = [...layers.mistakes, ...mistakesOf(issues, settings, layers)];
  if (!checked.success || mistakes.length > 0) throw new SettingsInvalid(mistakes).with({ issues: mistakes });
  return {
    settings: deepFrozen(checked.data),
    sources: Object.freeze(Object.fromEntries(settings.map(({ name }) => [name, layers.source(name)]))),
    files: Object.freeze(layers.files),
  };
}

type Section = { [key: string]: unknown };

/** The given values as the schema wants them. */
function nested(settings: readonly Setting[], sections: SettingTree['sections'], layers: Layers): Section {
  const root: Section = {};
  for (const path of sections) sectionAt(root, path);
  for (const { name, path } of settings) {
    const key = path.at(-1);
    if (key !== undefined && layers.has(name)) sectionAt(root, path.slice(0, -1))[key] = layers.value(name);
  }
  return root;
}

function sectionAt(root: Section, path: readonly string[]): Section {
  return path.reduce((section, key) => (section[key] ??= {}) as Section, root);
}

function mistakesOf(issues: readonly z.core.$ZodIssue[], settings: readonly Setting[], layers: Layers): Issue[] {
  return issues.flatMap((issue) => {
    const setting = settings.find(({ path }) => path.every((key, depth) => issue.path[depth] === key));
    const name = setting?.name ?? settingName(issue.path);
    if (layers.isBroken(name) || layers.isBroken(`${name}_FILE`)) return [];
    const source = layers.source(name);
    if (setting && !layers.has(name) && issue.code === 'invalid_type')
      return [{ pointer: name, detail: 'is required' }];
    const pointer = source === 'secret file' ? `${name}_FILE` : name;
    const place = source.startsWith('file ') ? ` (${source.slice('file '.length)})` : '';
    return [{ pointer, detail: expectation(issue) + place }];
  });
}

/** zod's words without their "Invalid input:"; keys that were sent are left out, as they may be anything. */
function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'has a key that is not known';
  return issue.message.replace(/^[A-Z][a-z ]+: (?=expected)/, '');
}

function deepFrozen<T>(value: T): Frozen<T> {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFrozen);
    Object.freeze(value);
  }
  return value as Frozen<T>;
}
