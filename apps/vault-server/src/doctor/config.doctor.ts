import { describeSettings } from '#config';
import { settingsSchema } from '../settings.ts';
import { type Examine, type Finding, findingsOn } from './finding.ts';

const { fine, warning } = findingsOn('config');

/** That the settings are right is known by now: they were read. What is left is what is allowed and unwise. */
export const examineConfig: Examine = async ({ loaded: { settings, sources } }) => {
  const open = describeSettings(settingsSchema)
    .filter(({ name, secret }) => secret && sources[name] === 'environment')
    .map(({ name }) => name);
  const findings: Finding[] = [fine('every setting is right')];
  if (settings.database.url && open.length > 0) {
    const names = open.join(', ');
    findings.push(
      warning(
        `secrets in the environment, where everyone sees them who may run env: ${names}`,
        `set ${open[0]}_FILE instead`,
      ),
    );
  }
  if (settings.storage.backend === 'memory') {
    findings.push(warning('objects are kept in memory and gone with the process', 'set VAULT__STORAGE__BACKEND'));
  }
  if (settings.database.url && settings.storage.backend === 'filesystem') {
    findings.push(
      warning(
        'objects are kept in a folder: several servers must have it in common',
        'set VAULT__STORAGE__BACKEND=s3, or mount one volume on all of them',
      ),
    );
  }
  return findings;
};
