import { basename, join } from 'node:path';
import { parse, TomlError, type TomlTable } from 'smol-toml';
import type { Layers } from './layers.ts';
import { nearestName } from './nearest-name.ts';
import { type Setting, settingName } from './setting.ts';
import { readTextFile } from './text-file.ts';

/** Reads one TOML file of a folder; a file that is not there adds nothing. Keys are the setting's path in lower case. */
export function readConfigFile(configDir: string, file: string, settings: readonly Setting[], layers: Layers): void {
  const shown = `${basename(configDir)}/${file}`;
  const table = parsed(join(configDir, file), shown, layers);
  if (!table) return;
  const left = new Map(leavesOf(table, settings));
  for (const { name, path } of settings) {
    const key = path.join('.');
    if (!left.has(key)) continue;
    layers.put(name, left.get(key), `file ${shown}`);
    left.delete(key);
  }
  const known = settings.map(({ path }) => path.join('.'));
  for (const key of left.keys()) {
    const nearest = nearestName(
      key.replaceAll('.', '_'),
      settings.map(({ path }) => path.join('_')),
    );
    const meant = known.find((candidate) => candidate.replaceAll('.', '_') === nearest);
    layers.mistake(`${key} in ${shown}`, meant ? `is no setting; did you mean ${meant}?` : 'is no setting');
  }
}

function parsed(path: string, shown: string, layers: Layers): TomlTable | null {
  const read = readTextFile(path);
  if ('failed' in read) {
    if (read.failed !== 'ENOENT') layers.mistake(shown, `cannot be read (${read.failed})`);
    return null;
  }
  try {
    return parse(read.text);
  } catch (error) {
    // The parser's own message quotes the line, which may hold a secret.
    const place = error instanceof TomlError ? ` at line ${error.line}, column ${error.column}` : '';
    layers.mistake(shown, `is not valid TOML${place}`);
    return null;
  }
}

/** Dotted key and value of all that is no section. A section's name given a plain value is a leaf, and so a mistake. */
function leavesOf(table: TomlTable, settings: readonly Setting[], parent: readonly string[] = []): [string, unknown][] {
  return Object.entries(table).flatMap(([key, value]): [string, unknown][] => {
    const path = [...parent, key];
    const isTable =
      typeof value === 'object' && !Array.isArray(value) && Object.getPrototypeOf(value) !== Date.prototype;
    const isSetting = settings.some(({ name }) => name === settingName(path));
    if (isTable && !isSetting) return leavesOf(value as TomlTable, settings, path);
    return [[path.join('.'), value]];
  });
}
