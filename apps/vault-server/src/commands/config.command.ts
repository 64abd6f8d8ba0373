import { describeSettings, type Environment, type LoadedSettings, type SettingRow, SettingsInvalid } from '#config';
import { type ConfigDrift, configDrift, type DriftUnknown } from '../config-drift.ts';
import { effectiveSettings, type ShownSetting } from '../effective-settings.ts';
import { readSettings, type Settings, settingsSchema } from '../settings.ts';

export type ConfigAction = 'show' | 'validate' | 'describe';

/** Shows what the server would run with, checks it, or prints the reference of all settings. */
export async function config(action: ConfigAction, { json }: { json: boolean }, env: Environment): Promise<number> {
  if (action === 'describe') {
    const rows = describeSettings(settingsSchema);
    console.log(json ? JSON.stringify(rows) : reference(rows));
    return 0;
  }
  try {
    const loaded = readSettings();
    if (action === 'validate') console.log(json ? JSON.stringify({ valid: true }) : 'the settings are right');
    else console.log(await shown(loaded, json, env));
    return 0;
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error;
    console.log(json ? JSON.stringify({ valid: false, errors: error.issues }) : error.message);
    return 1;
  }
}

async function shown(loaded: LoadedSettings<Settings>, json: boolean, env: Environment): Promise<string> {
  const settings = effectiveSettings(loaded);
  const drift = await configDrift(loaded.settings.maintenance, env);
  return json ? JSON.stringify({ settings, drift }) : [...settings.map(asLine), ...asWords(drift)].join('\n');
}

/** As comments: what comes before them can be read as an environment. */
function asWords(drift: ConfigDrift | DriftUnknown | null): string[] {
  if (!drift) return [];
  const of = `# ConfigMap ${drift.config_map}`;
  if ('error' in drift) return [`${of}: ${drift.error}`];
  const { edited, not_in_force: late } = drift;
  const since =
    edited === null ? 'was not made by kubectl apply' : `edited since its file was applied: ${listed(edited)}`;
  return [`${of} ${since}`, `${of} not in force here before a restart: ${listed(late)}`];
}

function listed(names: string[]): string {
  return names.join(', ') || 'nothing';
}

function asLine({ name, value, source }: ShownSetting): string {
  return `${name}=${value ?? ''}  # ${source}`;
}

/** docs/deployment/CONFIGURATION.md, whole. */
function reference(rows: SettingRow[]): string {
  const table = rows.map(({ name, default: byDefault, description, secret }) => {
    const shown = byDefault === null ? '' : `\`${byDefault}\``;
    return `| \`${name}\` | ${shown} | ${description.replaceAll('|', '\\|')}${secret ? ' **Secret.**' : ''} |`;
  });
  return [HEAD, '| setting | default | what it is |', '|---|---|---|', ...table].join('\n');
}

const HEAD = `# Configuration

<!-- Printed by \`vault-server config describe\`; a test holds it equal. -->

Settings come from the environment, over \`config/{env}.toml\`, over \`config/default.toml\`, over the defaults below; \`{env}\` is
\`VAULT__ENV\`. In the files a setting is its name in lower case: \`VAULT__STORAGE__S3__BUCKET\` is \`bucket\` in \`[storage.s3]\`.
Each can also be read from a file, as \`VAULT__JWT_SECRET_FILE=/run/secrets/jwt\`; for secrets that is the better way, because
an environment is easily seen. With \`-\` before its path such a file need not be there. A list is written with commas.

A name that is no setting stops the start with a suggestion, and all mistakes are told at once, by name and never with a value.
\`vault-server config show\` prints what a server would run with and where each value comes from, without secrets;
\`vault-server config validate\` only checks.
`;
