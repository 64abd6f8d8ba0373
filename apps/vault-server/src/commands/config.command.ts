import { describeSettings, type SettingRow, SettingsInvalid } from '#config';
import { effectiveSettings, type ShownSetting } from '../effective-settings.ts';
import { readSettings, settingsSchema } from '../settings.ts';

export type ConfigAction = 'show' | 'validate' | 'describe';

/** Shows what the server would run with, checks it, or prints the reference of all settings. */
export function config(action: ConfigAction, { json }: { json: boolean }): number {
  if (action === 'describe') {
    const rows = describeSettings(settingsSchema);
    console.log(json ? JSON.stringify(rows) : reference(rows));
    return 0;
  }
  try {
    const shown = effectiveSettings(readSettings());
    if (action === 'validate') console.log(json ? JSON.stringify({ valid: true }) : 'the settings are right');
    else console.log(json ? JSON.stringify(shown) : shown.map(asLine).join('\n'));
    return 0;
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error;
    console.log(json ? JSON.stringify({ valid: false, errors: error.issues }) : error.message);
    return 1;
  }
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
