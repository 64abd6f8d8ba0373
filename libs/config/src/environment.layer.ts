import type { Layers } from './layers.ts';
import { nearestName } from './nearest-name.ts';
import type { Setting } from './setting.ts';
import { EXPECTED, valueOf } from './setting-text.ts';
import { readTextFile } from './text-file.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `VAULT__…` and `VAULT__…_FILE`; every other name that looks like one of ours is a mistake. */
export function readEnvironment(env: Environment, settings: readonly Setting[], layers: Layers): void {
  const names = new Set(settings.map(({ name }) => name));
  for (const setting of settings) {
    const text = env[setting.name];
    // A setting may itself be called …_FILE; then the name belongs to it and not to the setting it would point at.
    const fileName = `${setting.name}_FILE`;
    const file = names.has(fileName) ? undefined : env[fileName];
    if (text !== undefined && file !== undefined) {
      layers.mistake(setting.name, `is given twice, also as ${fileName}`);
    } else if (text !== undefined) {
      putText({ setting, as: setting.name, text, source: 'environment', layers });
    } else if (file !== undefined) {
      putFile(setting, fileName, file, layers);
    }
  }
  refuseUnknown(env, names, layers);
}

/** A path with `-` before it need not be there, as in units of systemd: one manifest fits with and without a Redis. */
function putFile(setting: Setting, as: string, given: string, layers: Layers): void {
  const path = given.replace(/^-/, '');
  const read = readTextFile(path);
  if ('failed' in read) {
    if (path !== given && read.failed === 'ENOENT') return;
    layers.mistake(as, `names a file that cannot be read (${read.failed})`);
    return;
  }
  // Editors and `echo` end a file with one newline that is no part of the secret; a second one may be.
  layers.files[setting.name] = path;
  putText({ setting, as, text: read.text.replace(/\r?\n$/, ''), source: 'secret file', layers });
}

interface Given {
  setting: Setting;
  /** The name the operator used. */
  as: string;
  text: string;
  source: 'environment' | 'secret file';
  layers: Layers;
}

function putText({ setting, as, text, source, layers }: Given): void {
  const value = valueOf(text, setting.kind);
  if (value === undefined) layers.mistake(as, EXPECTED[setting.kind]);
  else layers.put(setting.name, value, source);
}

function refuseUnknown(env: Environment, names: ReadonlySet<string>, layers: Layers): void {
  for (const typed of Object.keys(env)) {
    if (!/^VAULT__/i.test(typed) || names.has(typed)) continue;
    const isFile = typed.endsWith('_FILE');
    if (isFile && names.has(typed.slice(0, -'_FILE'.length))) continue;
    const nearest = isFile
      ? (nearestName(
          typed,
          [...names].map((name) => `${name}_FILE`),
        ) ?? nearestName(typed, names))
      : nearestName(typed, names);
    layers.mistake(typed, nearest ? `is no setting; did you mean ${nearest}?` : 'is no setting');
  }
}
