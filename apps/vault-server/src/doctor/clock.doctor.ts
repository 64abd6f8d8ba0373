import { DataDirInUse } from '#database';
import { openOwner } from '../platform.ts';
import { type Examine, findingsOn, reasonOf } from './finding.ts';

const { fine, warning, wrong } = findingsOn('clock');
/** From there on tokens of other servers may be refused. */
const MOST_MS = 5000;

/** Whether this machine and the database agree on the time. */
export const examineClock: Examine = async ({ loaded, log }) => {
  if (!loaded.settings.database.url) return [fine('the built-in database goes by the clock of this machine')];
  try {
    const opened = await openOwner(loaded.settings, log);
    try {
      const before = Date.now();
      const [row] = (await opened.statement('SELECT clock_timestamp() AS now')) as { now: Date }[];
      const skew = Math.round((before + Date.now()) / 2 - row!.now.getTime());
      const says = `this clock is ${Math.abs(skew)} ms ${skew < 0 ? 'behind' : 'ahead of'} the one of the database`;
      return [Math.abs(skew) > MOST_MS ? wrong(says, 'check NTP on both machines: chronyc tracking') : fine(says)];
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof DataDirInUse) return [];
    return [warning(`not compared: ${reasonOf(error)}`, 'vault-server doctor db')];
  }
};
