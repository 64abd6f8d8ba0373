// A process that uses a database, for specs that run many of them or kill them: node database.child.ts COMMAND URL DATA_DIR
import { databaseConfig, openDatabase } from '#database';
import { newId, SilentLog } from '#kernel';

const [command, url, dataDir = ''] = process.argv.slice(2);
const tenant = '01900000-0000-7000-8000-000000000001';

try {
  const opened = await openDatabase(databaseConfig.parse(url ? { url } : {}), dataDir, [], new SilentLog());
  if (command === 'migrate') {
    const done = await opened.migrator.up();
    await opened.ready();
    await opened.close();
    console.log(done.length);
  } else if (command === 'write') {
    const database = await opened.ready();
    // Says which rows it was told to be durable, until it is killed.
    for (let n = 0; ; n += 1) {
      const id = newId();
      await database.inTenant(tenant, async () => {
        if (n === 0) {
          await database.query(`INSERT INTO tenants (id, slug, name) VALUES ($1, 'a', 'a') ON CONFLICT DO NOTHING`, [
            tenant,
          ]);
        }
        await database.query(
          `INSERT INTO outbox_events (id, tenant_id, topic, payload) VALUES ($1, $2, 'row', jsonb_build_object('text', repeat('x', 2000)))`,
          [id, tenant],
        );
      });
      process.stdout.write(`${id}\n`);
    }
  } else {
    console.log('open');
    setInterval(() => undefined, 1000);
  }
} catch (error) {
  console.log(error instanceof Error && 'code' in error ? error.code : error);
  process.exitCode = 1;
}
