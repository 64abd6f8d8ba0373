import { DataDirInUse, type OpenedDatabase } from '#database';
import { openOwner } from '../platform.ts';
import { type Examine, type Finding, findingsOn, type Ground, reasonOf } from './finding.ts';

const { fine, warning, wrong } = findingsOn('db');
const OLDEST = 150_000;

interface Facts {
  version: string;
  number: number;
  role: string;
  database: string;
  superuser: boolean;
  monitors: boolean;
  most: number;
  reserved: number;
  servers: number;
}

const FACTS = `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
  current_user AS role, current_database() AS database, r.rolsuper AS superuser,
  pg_has_role(current_user, 'pg_monitor', 'MEMBER') AS monitors,
  current_setting('max_connections')::int AS most,
  current_setting('superuser_reserved_connections')::int AS reserved,
  (SELECT count(DISTINCT (client_addr, client_hostname))::int FROM pg_stat_activity
    WHERE application_name = 'vault-server' AND pid <> pg_backend_pid()) AS servers
  FROM pg_roles r WHERE r.rolname = current_user`;

/** Whether the database answers, as whom, and whether all servers together fit into it. */
export const examineDatabase: Examine = async (ground) => {
  let opened: OpenedDatabase;
  try {
    opened = await openOwner(ground.loaded.settings, ground.log);
  } catch (error) {
    if (error instanceof DataDirInUse) return [fine('the built-in database is in use by a running server')];
    return [
      wrong(
        `the database cannot be reached: ${reasonOf(error)}`,
        'check VAULT__DATABASE__URL, then: vault-server check db',
      ),
    ];
  }
  try {
    if (opened.embedded) return [fine('the built-in database opens')];
    const [facts] = (await opened.statement(FACTS)) as Facts[];
    return [...roleOf(facts!), ...connectionBudget(facts!, ground), ...(await tenancy(opened))];
  } finally {
    await opened.close();
  }
};

function roleOf({ version, number, role, database, superuser, monitors }: Facts): Finding[] {
  const findings = [fine(`PostgreSQL ${version} answers as ${role} on ${database}`)];
  if (number < OLDEST) findings.push(wrong(`PostgreSQL ${version} is older than 15`, 'upgrade the database'));
  if (superuser) {
    findings.push(warning(`${role} is a superuser, which it need not be`, `ALTER ROLE ${role} NOSUPERUSER`));
  }
  if (!monitors) {
    const says = `${role} sees nothing of other roles in pg_stat_activity`;
    findings.push(warning(says, `GRANT pg_monitor TO ${role}`));
  }
  return findings;
}

/** Each server opens a pool of its own; together they must leave room for whoever has to help. */
function connectionBudget({ most, reserved, servers: seen }: Facts, { loaded, replicas }: Ground): Finding[] {
  const pool = loaded.settings.database.max_connections;
  const servers = replicas ?? Math.max(1, seen);
  const needed = servers * pool;
  const sum = `${servers} servers of ${pool} connections are ${needed}, and PostgreSQL gives ${most - reserved}`;
  if (needed <= most - reserved) return [fine(sum)];
  const each = Math.max(2, Math.floor((most - reserved) / servers));
  return [wrong(sum, `set VAULT__DATABASE__MAX_CONNECTIONS=${each}, or raise max_connections of PostgreSQL`)];
}

async function tenancy(opened: OpenedDatabase): Promise<Finding[]> {
  try {
    await opened.ready();
    return [fine('row-level security holds for the server')];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // What is missing there is told under migrations.
    if (code === 'schema-behind') return [];
    return [wrong(reasonOf(error), 'see docs/deployment: the role of the server')];
  }
}
