// Changes with their audit rows beside the bare INSERT of one row, on the same database in the same run; and how fast
// the chain follows.
//   npm run bench -- audit          on the built-in database; on PostgreSQL where TEST_DATABASE_URL names one
import { randomBytes } from 'node:crypto';
import { Audit, AuditEvent } from '#audit';
import { auditTrailEntities, openAuditTrail, SigningKeyRepository } from '#audit-trail';
import { authEntities } from '#auth';
import { keyringFromMasterKey, KeyService, LocalKeyManagement, MemoryTenantKeyStore, SigningKeys } from '#crypto';
import { databaseConfig, openDatabase } from '#database';
import { newId, runInContext, SilentLog, SystemClock } from '#kernel';
import { MemoryBlobStore } from '#storage';
import pg from 'pg';
import { backing, onServices } from '../support/backing.ts';
import { peakRss, percentile, print, printHead } from './measure.ts';

const AT_ONCE = 32;
const SECONDS = 5;

const under = await backing();
const config = databaseConfig.parse({ url: under.databaseUrl ?? undefined, max_connections: AT_ONCE });
const opened = await openDatabase(
  config,
  under.dataDir,
  [...authEntities, AuditEvent, ...auditTrailEntities],
  new SilentLog(),
);
try {
  await opened.migrator.up();
  const database = await opened.ready();
  const tenantId = newId();
  await database.inTenant(tenantId, () =>
    database.query(`INSERT INTO tenants (id, slug, name) VALUES ($1, 'bench', 'Bench')`, [tenantId]),
  );
  const audit = new Audit(database);
  const kms = new LocalKeyManagement(keyringFromMasterKey(randomBytes(32).toString('hex')));
  const { sealer, verification } = openAuditTrail({
    database,
    audit,
    keys: new KeyService(kms, new MemoryTenantKeyStore(), { size: 10, ttlSeconds: 60 }, new SystemClock()),
    signing: new SigningKeys(kms, new SigningKeyRepository(database)),
    anchors: new MemoryBlobStore(),
    exports: new MemoryBlobStore(),
    clock: new SystemClock(),
    config: { checkpoint_entries: 1000, checkpoint_seconds: 60 },
  });

  const caller = { id: newId(), tenantId };
  const entry = { action: 'dataset.create', resource: 'ds_01jz0000000000000000000000', details: { records: 3 } };
  const change = (): Promise<unknown> =>
    database.query(`INSERT INTO outbox_events (id, tenant_id, topic, payload) VALUES ($1, $2, 'bench', '{"a": 1}')`, [
      newId(),
      tenantId,
    ]);
  const context = { requestId: newId(), ip: '192.0.2.1' };
  const audited = (): Promise<void> =>
    runInContext(context, () =>
      database.inTenant(tenantId, async () => {
        await change();
        await audit.append(caller, entry);
      }),
    );

  printHead(`audit on ${onServices ? 'PostgreSQL' : 'the built-in database'}, ${AT_ONCE} at once`);
  const baseline = { name: 'bare INSERT', value: (await rate(bareInsert(tenantId))).value };
  const unaudited = await rate(() => database.inTenant(tenantId, change).then(() => undefined));
  print({ name: 'change without its audit row', unit: 'changes/s', ...unaudited, baseline });
  const writing = await rate(audited);
  print({ name: 'change with its audit row', unit: 'changes/s', ...writing, baseline });

  const started = performance.now();
  await sealer.sealAll(tenantId);
  const { entries } = await verification.verify(tenantId);
  const sealing = entries / ((performance.now() - started) / 1000);
  print({ name: 'sealed and verified', value: sealing, unit: 'entries/s' });

  let isWriting = true;
  const keeping = (async () => {
    while (isWriting) await sealer.sealAll(tenantId).then(() => new Promise((next) => setTimeout(next, 1000)));
  })();
  const both = await rate(audited);
  isWriting = false;
  await keeping;
  const name = 'change while the chain follows';
  print({ name, unit: 'changes/s', ...both, baseline, peakMb: peakRss(process.pid) });
  await sealer.sealAll(tenantId);
  const report = await verification.verify(tenantId);
  if (!report.ok) throw new Error(`the chain is not intact: ${report.problem} at ${report.firstBadSeq}`);
} finally {
  await opened.close();
  await under.remove();
}

/** How often `work` is done in a second by so many at once, and how long once takes. */
async function rate(work: () => Promise<unknown>): Promise<{ value: number; p50: number; p99: number }> {
  const times: number[] = [];
  const until = performance.now() + SECONDS * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      const before = performance.now();
      await work();
      times.push(performance.now() - before);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const value = times.length / ((performance.now() - started) / 1000);
  return { value, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** One row, one statement, one commit, by the driver alone. On the built-in database there is no second way in. */
function bareInsert(tenantId: string): () => Promise<unknown> {
  const sql = `INSERT INTO outbox_events (id, tenant_id, topic, payload) VALUES ($1, $2, 'bench', '{"a": 1}')`;
  if (!under.databaseUrl) return () => opened.statement(sql, [newId(), tenantId]);
  const options = `-c vault.tenant=${tenantId}`;
  const pool = new pg.Pool({ connectionString: under.databaseUrl, max: AT_ONCE, options });
  return () => pool.query(sql, [newId(), tenantId]);
}
