import { DataDirInUse } from '#database';
import { openOwner } from '../platform.ts';
import { version } from '../version.ts';
import { type Examine, findingsOn, reasonOf } from './finding.ts';

const { fine, wrong } = findingsOn('migrations');

/** Whether the schema is the one this program knows. */
export const examineMigrations: Examine = async ({ loaded, log }) => {
  try {
    const opened = await openOwner(loaded.settings, log);
    try {
      const { applied, pending, unknown } = await opened.migrator.status();
      if (unknown.length > 0) {
        const says = `the database is newer than this program (${version}): it has ${unknown.join(', ')}`;
        return [wrong(says, 'run this in a pod of the newest version')];
      }
      if (pending.length > 0) return [wrong(`${pending.length} migrations are missing`, 'vault-server migrate')];
      return [fine(`all ${applied.length} migrations of ${version} are applied`)];
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof DataDirInUse) return [fine('a running server has applied them')];
    return [wrong(`not known: ${reasonOf(error)}`, 'vault-server doctor db')];
  }
};
