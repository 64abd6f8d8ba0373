// Databases for specs: the embedded one in a folder of its own, and real PostgreSQL where TEST_DATABASE_* name a server.
//   node scripts/services.ts start DIR postgres     prints both variables
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { type Database, databaseConfig, openDatabase, type OpenedDatabase } from '#database';
import { type Log, newId, SilentLog } from '#kernel';

/**
 * `postgres` is a server where somebody allowed our role to act as `vault_app`; `postgres-owner` one where nobody did,
 * so that the policies are forced on the owner of the tables itself.
 */
export type Kind = 'embedded' | 'postgres' | 'postgres-owner';

const server = process.env['TEST_DATABASE_URL'];
const superuser = process.env['TEST_DATABASE_SUPERUSER_URL'];

export const hasServer = server !== undefined && superuser !== undefined;
/** For `describe.each`: both kinds of a server where one is named; without one, the embedded database. */
export const kinds: Kind[] = hasServer ? ['postgres', 'postgres-owner'] : ['embedded'];
/** The same for specs that do not ask how tenants are kept apart. */
export const programs: Kind[] = hasServer ? ['postgres'] : ['embedded'];

type Entities = Parameters<typeof openDatabase>[2];

export interface TestDatabase {
  opened: OpenedDatabase;
  /** Where it is: to open it a second time. */
  config: { url?: string };
  dataDir: string;
  /** With the schema in place, as the rooms use it. */
  database: Database;
  close(): Promise<void>;
}

export async function openTestDatabase(
  kind: Kind,
  entities: Entities,
  log: Log = new SilentLog(),
): Promise<TestDatabase> {
  const place = kind === 'embedded' ? await folder('migrated') : await serverDatabase(kind);
  const opened = await openDatabase(databaseConfig.parse(place.config), place.dataDir, entities, log);
  await opened.migrator.up();
  const database = await opened.ready();
  const close = async (): Promise<void> => {
    await opened.close();
    await place.remove();
  };
  return { opened, database, config: place.config, dataDir: place.dataDir, close };
}

interface Place {
  config: { url?: string };
  dataDir: string;
  remove(): Promise<void>;
}

/** A place for a database in which there is nothing yet. */
export function emptyPlace(kind: Kind): Promise<Place> {
  return kind === 'embedded' ? folder('empty') : serverDatabase(kind);
}

async function folder(state: State): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vault-database-'));
  await cp(await template(state), dataDir, { recursive: true });
  return { config: {}, dataDir, remove: () => rm(dataDir, { recursive: true }) };
}

type State = 'empty' | 'migrated';

/** Creating an embedded database takes seconds, copying one does not; made once for each set of migrations. */
async function template(state: State): Promise<string> {
  const sources = resolve(__dirname, '../../libs/database/src');
  const hash = createHash('sha256').update(process.version).update(state);
  for (const path of ['migrations', 'adapters']) {
    for (const file of (await readdir(join(sources, path))).sort())
      hash.update(await readFile(join(sources, path, file)));
  }
  hash.update(await readFile(join(sources, 'access.ts')));
  const made = join(tmpdir(), `vault-template-${hash.digest('hex').slice(0, 16)}`);
  if (await readdir(made).catch(() => null)) return made;

  const own = await mkdtemp(join(tmpdir(), 'vault-database-'));
  const opened = await openDatabase(databaseConfig.parse({}), own, [], new SilentLog());
  if (state === 'migrated') await opened.migrator.up();
  await opened.close();
  // Of several that make it at once one wins, and the others use it.
  await rename(own, made).catch(() => rm(own, { recursive: true }));
  return made;
}

async function serverDatabase(kind: Kind): Promise<Place> {
  const name = `test_${newId().replaceAll('-', '')}`;
  const password = randomBytes(12).toString('hex');
  await asSuperuser(async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
    if (kind === 'postgres') {
      await client.query('CREATE ROLE vault_app NOLOGIN').catch(() => undefined);
      await client.query(`GRANT vault_app TO ${name}`);
    }
    await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
  });
  const url = Object.assign(new URL(server!), { username: name, password, pathname: `/${name}` }).href;
  const remove = (): Promise<void> =>
    asSuperuser(async (client) => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.query(`DROP ROLE ${name}`);
    });
  return { config: { url }, dataDir: join(tmpdir(), name), remove };
}

export async function asSuperuser<T>(work: (client: Client) => Promise<T>, database?: string): Promise<T> {
  const url = new URL(superuser!);
  if (database) url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
