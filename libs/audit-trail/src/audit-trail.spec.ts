import { randomBytes } from 'node:crypto';
import { Entity, PrimaryColumn } from 'typeorm';
import { Audit, type AuditEntry, AuditEvent } from '#audit';
import { type BundleReport, PublicKeys, verifyBundle } from '#audit-chain';
import { keyringFromMasterKey, KeyService, LocalKeyManagement, MemoryTenantKeyStore, SigningKeys } from '#crypto';
import type { Database } from '#database';
import { Clock, newId, SystemClock } from '#kernel';
import { MemoryBlobStore } from '#storage';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { auditTrailEntities } from './audit-trail.entities.ts';
import { type AuditTrailRoom, openAuditTrail } from './audit-trail.parts.ts';
import { SigningKeyRepository } from './signing-key.repository.ts';

/** The rows' owner, as far as this room knows it. */
@Entity({ name: 'tenants' })
class Tenant {
  @PrimaryColumn('uuid')
  id: string;
}

class SetClock extends Clock {
  ms = Date.now();
  override now(): Date {
    return new Date(this.ms);
  }
}

const ENTRY: AuditEntry = { action: 'record.read', resource: 'rec_1', details: { records: 3, ref: null } };

describe.each(programs)('the audit trail on %s', (program) => {
  let place: TestDatabase;
  let database: Database;
  let audit: Audit;
  let keys: KeyService;
  let signing: SigningKeys;
  let publicKeys: PublicKeys;
  beforeAll(async () => {
    place = await openTestDatabase(program, [Tenant, AuditEvent, ...auditTrailEntities]);
    database = place.database;
    audit = new Audit(database);
    const kms = new LocalKeyManagement(keyringFromMasterKey(randomBytes(32).toString('hex')));
    keys = new KeyService(kms, new MemoryTenantKeyStore(), { size: 10, ttlSeconds: 60 }, new SystemClock());
    signing = new SigningKeys(kms, new SigningKeyRepository(database));
    publicKeys = new PublicKeys(await signing.publicKeys());
  });
  afterAll(() => place.close());

  interface Kept extends AuditTrailRoom {
    tenantId: string;
    anchorStore: MemoryBlobStore;
    exportStore: MemoryBlobStore;
    write(count: number, entry?: AuditEntry): Promise<void>;
    bundle(from?: Date, to?: Date): Promise<string>;
  }

  /** The trail of a tenant of its own, with a checkpoint after every `entries`. */
  async function keep(entries = 1000, clock: Clock = new SystemClock()): Promise<Kept> {
    const tenantId = newId();
    await database.inTenant(tenantId, () =>
      database.query(`INSERT INTO tenants (id, slug, name) VALUES ($1::uuid, $1::text, 'T')`, [tenantId]),
    );
    const [anchorStore, exportStore] = [new MemoryBlobStore(), new MemoryBlobStore()];
    const config = { checkpoint_entries: entries, checkpoint_seconds: 3600 };
    const stores = { anchors: anchorStore, exports: exportStore };
    const room = openAuditTrail({ database, audit, keys, signing, ...stores, clock, config });
    const caller = { id: newId(), tenantId };
    const write = async (count: number, entry = ENTRY): Promise<void> => {
      for (let i = 0; i < count; i += 1) await database.inTenant(tenantId, () => audit.append(caller, entry));
    };
    const bundle = async (from?: Date, to?: Date): Promise<string> => {
      let text = '';
      for await (const piece of await room.trail.export(caller, from, to)) text += piece;
      return text;
    };
    return { ...room, tenantId, anchorStore, exportStore, write, bundle };
  }

  const verified = (text: string): Promise<BundleReport> =>
    verifyBundle(
      (async function* () {
        yield Buffer.from(text);
      })(),
      publicKeys,
    );

  /** Changes what nobody should be able to: as the owner of the tables, with the triggers off. */
  async function tamper(sql: string): Promise<void> {
    const tables = ['audit_events', 'audit_entries', 'audit_checkpoints'];
    const turn = (how: string): string => tables.map((table) => `ALTER TABLE ${table} ${how} TRIGGER ALL;`).join('');
    // Only a superuser may turn off what keeps foreign keys, so those of the room's own are named.
    const own = (how: string): string =>
      turn(how).replaceAll(/(\w+) (DISABLE|ENABLE) TRIGGER ALL/g, '$1 $2 TRIGGER $1_append_only');
    await place.opened.statement(`BEGIN; ${own('DISABLE')} ${sql}; ${own('ENABLE')} COMMIT`);
  }

  it('gives every event one place, without a gap, and an outsider can tell', async () => {
    const kept = await keep(2);
    await kept.write(5);
    await kept.sealer.sealAll(kept.tenantId);
    await kept.checkpointer.check(kept.tenantId);
    const text = await kept.bundle();
    expect(await verified(text)).toMatchObject({ ok: true, end: { first: 1, last: 6, checkpoints: 1 } });
    const seqs = text.split('\n').flatMap((line) => /^\{"seq":(\d+)/.exec(line)?.[1] ?? []);
    expect(seqs).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(text).toContain('"action":"audit.export"');
    expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: true, entries: 6, checkpoints: 1 });
  });

  it('seals more than a batch at once', async () => {
    const kept = await keep();
    await database.inTenant(kept.tenantId, () =>
      database.query(
        `INSERT INTO audit_events (id, tenant_id, action, resource, result)
         SELECT gen_random_uuid(), $1, 'a', 'b', 'allowed' FROM generate_series(1, 2500)`,
        [kept.tenantId],
      ),
    );
    await kept.write(10);
    expect(await kept.sealer.seal(kept.tenantId)).toBe(true);
    expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: true, entries: 2510 });
    expect(await verified(await kept.bundle())).toMatchObject({ ok: true, end: { last: 2511 } });
  });

  it('loses nothing that becomes visible late', async () => {
    const kept = await keep();
    await kept.write(1);
    if (program === 'embedded') {
      // One connection: nothing can be late. That it is found by its number all the same is seen below.
      await kept.write(1);
    } else {
      let finish: () => void = () => undefined;
      const late = database.inTenant(kept.tenantId, async () => {
        await audit.append({ id: null, tenantId: kept.tenantId }, { ...ENTRY, resource: 'late' });
        await new Promise<void>((resolve) => (finish = resolve));
      });
      await kept.write(3);
      await kept.sealer.sealAll(kept.tenantId);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: true, entries: 4 });
      finish();
      await late;
    }
    await kept.write(1);
    await kept.sealer.sealAll(kept.tenantId);
    const sealed = program === 'embedded' ? 3 : 6;
    expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: true, entries: sealed });
    if (program !== 'embedded') expect(await kept.bundle()).toContain('"resource":"late"');
  });

  it('makes one chain, whoever seals, while many write', async () => {
    const kept = await keep(7);
    const writing = Promise.all(Array.from({ length: 8 }, () => kept.write(25)));
    let isWriting = true;
    void writing.finally(() => (isWriting = false));
    const seal = async (): Promise<void> => {
      while (isWriting) {
        await kept.sealer.seal(kept.tenantId);
        await kept.checkpointer.check(kept.tenantId);
      }
    };
    await Promise.all([writing, seal(), seal(), seal()]);
    await kept.sealer.sealAll(kept.tenantId);
    const report = await kept.verification.verify(kept.tenantId);
    expect(report).toMatchObject({ ok: true, entries: 200, problem: null });
    expect(report.checkpoints).toBeGreaterThan(0);
    expect(await verified(await kept.bundle())).toMatchObject({ ok: true, end: { last: 201 } });
  });

  it('begins anew with its numbers in a database that was restored from a dump', async () => {
    const kept = await keep();
    await kept.write(2);
    await kept.sealer.sealAll(kept.tenantId);
    // As if they came from a server that had counted much further.
    await tamper(`UPDATE audit_entries SET horizon = 1000000000000 WHERE tenant_id = '${kept.tenantId}'`);
    await kept.write(2);
    await kept.sealer.sealAll(kept.tenantId);
    expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: true, entries: 4 });
  });

  describe('finds out', () => {
    let kept: Kept;
    beforeEach(async () => {
      kept = await keep(3);
      for (let i = 0; i < 3; i += 1) {
        await kept.write(4);
        await kept.sealer.sealAll(kept.tenantId);
        await kept.checkpointer.check(kept.tenantId);
      }
      await kept.anchors.bringUp(kept.tenantId);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: true, entries: 12, anchored: 3 });
    });
    const at = (seq: number): string =>
      `id = (SELECT event_id FROM audit_entries WHERE tenant_id = '${kept.tenantId}' AND seq = ${seq})`;
    const entry = (seq: number): string => `tenant_id = '${kept.tenantId}' AND seq = ${seq}`;

    it.each([
      ['action', `action = 'other'`],
      ['actor', 'actor_id = NULL'],
      ['time', `at = at + interval '1 microsecond'`],
      ['result', `result = 'denied'`],
      ['details', `details = details || '{"records": 3.0}'`],
      ['request', `request_id = 'x'`],
    ])('a changed %s of an event', async (_, change) => {
      await tamper(`UPDATE audit_events SET ${change} WHERE ${at(6)}`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 6, problem: 'edited' });
      expect(await verified(await kept.bundle())).toMatchObject({ flaw: { kind: 'edited', seq: 6 } });
    });

    it('an event that is gone', async () => {
      await tamper(`DELETE FROM audit_events WHERE ${at(4)}`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 4, problem: 'missing' });
      expect(await verified(await kept.bundle())).toMatchObject({ flaw: { seq: 4 } });
    });

    it('an entry that is gone', async () => {
      await tamper(`DELETE FROM audit_entries WHERE ${entry(5)}`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 5, problem: 'missing' });
    });

    it('an end that was cut off', async () => {
      await tamper(`DELETE FROM audit_entries WHERE tenant_id = '${kept.tenantId}' AND seq > 10;
        DELETE FROM audit_events WHERE tenant_id = '${kept.tenantId}' AND id NOT IN (SELECT event_id FROM audit_entries)`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 11, problem: 'truncated' });
    });

    it('an end that was cut off together with its checkpoints, by the anchors', async () => {
      await tamper(`DELETE FROM audit_entries WHERE tenant_id = '${kept.tenantId}' AND seq > 8;
        DELETE FROM audit_checkpoints WHERE tenant_id = '${kept.tenantId}' AND count > 8;
        DELETE FROM audit_events WHERE tenant_id = '${kept.tenantId}' AND id NOT IN (SELECT event_id FROM audit_entries)`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 9, problem: 'truncated' });
    });

    it('all of it gone, by the anchors', async () => {
      for (const table of ['audit_entries', 'audit_checkpoints', 'audit_events']) {
        await tamper(`DELETE FROM ${table} WHERE tenant_id = '${kept.tenantId}'`);
      }
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: false, problem: 'truncated' });
    });

    it('a MAC that is not ours', async () => {
      await tamper(`UPDATE audit_entries SET mac = sha256(hash) WHERE ${entry(7)}`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 7, problem: 'mac' });
    });

    it('a checkpoint that was changed', async () => {
      await tamper(
        `UPDATE audit_checkpoints SET at = at - interval '1 day' WHERE tenant_id = '${kept.tenantId}' AND number = 2`,
      );
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 9, problem: 'signature' });
    });

    it('a checkpoint that is gone', async () => {
      await tamper(`DELETE FROM audit_checkpoints WHERE tenant_id = '${kept.tenantId}' AND number = 2`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: false, problem: 'checkpoint' });
    });

    it('another checkpoint than was anchored', async () => {
      for await (const { key } of kept.anchorStore.list('')) {
        const bytes = await kept.anchorStore.get(key);
        await kept.anchorStore.delete(key);
        await kept.anchorStore.put(key, Buffer.from(Buffer.from(bytes).toString().replace('"count":12', '"count":11')));
      }
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ firstBadSeq: 12, problem: 'anchor' });
    });

    it('an event that was slipped in where the sealer does not look any more', async () => {
      await tamper(`INSERT INTO audit_events (id, tenant_id, action, resource, result, xid)
        VALUES (gen_random_uuid(), '${kept.tenantId}', 'a', 'b', 'allowed', 3)`);
      expect(await kept.verification.verify(kept.tenantId)).toMatchObject({ ok: false, problem: 'unsealed' });
    });
  });

  it('invariant 4: the chain, its checkpoints and its keys can be added to, and nothing else', async () => {
    const kept = await keep(1);
    await kept.write(1);
    await kept.sealer.sealAll(kept.tenantId);
    await kept.checkpointer.check(kept.tenantId);
    for (const sql of [
      'UPDATE audit_entries SET seq = seq + 1',
      'DELETE FROM audit_entries',
      'UPDATE audit_checkpoints SET number = 9',
      'DELETE FROM audit_checkpoints',
      'DELETE FROM audit_signing_keys',
      'TRUNCATE audit_entries',
    ]) {
      const changing = database.inTenant(kept.tenantId, () => database.query(sql));
      await expect(changing).rejects.toThrow(/permission denied|append-only/);
      await expect(place.opened.statement(sql)).rejects.toThrow('append-only');
    }
  });

  it('has no second entry behind the same one', async () => {
    const kept = await keep();
    await kept.write(2);
    await kept.sealer.sealAll(kept.tenantId);
    const fork = `INSERT INTO audit_entries SELECT tenant_id, 9, gen_random_uuid(), prev, hash, mac, horizon, sealed_at
      FROM audit_entries WHERE tenant_id = '${kept.tenantId}' AND seq = 1`;
    await expect(database.inTenant(kept.tenantId, () => database.query(fork))).rejects.toThrow(/tenant_id_prev_key/);
  });

  it('anchors each checkpoint once, also by a process that was just started', async () => {
    const kept = await keep(1);
    for (let i = 0; i < 3; i += 1) {
      await kept.write(1);
      await kept.sealer.sealAll(kept.tenantId);
      await kept.checkpointer.check(kept.tenantId);
      if (i === 1) await kept.anchors.bringUp(kept.tenantId);
    }
    await kept.anchors.bringUp(kept.tenantId);
    const names: string[] = [];
    for await (const { key } of kept.anchorStore.list('')) names.push(key);
    expect(names.map((name) => name.replace(/^\d{8}\.ten_\w{26}\./, ''))).toEqual([
      '0000000001',
      '0000000002',
      '0000000003',
    ]);
  });

  it('RB-S5 writes each day that is over as a bundle, and says so in the audit', async () => {
    const clock = new SetClock();
    const kept = await keep(1000, clock);
    await kept.write(3);
    await kept.sealer.sealAll(kept.tenantId);
    const tenant = { id: kept.tenantId, slug: 'default' };
    expect(await kept.exports.bringUp(tenant)).toEqual([]);
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    clock.ms += 24 * 3600 * 1000 + 10 * 60 * 1000;
    expect(await kept.exports.bringUp(tenant)).toEqual([`${day}.json.gz`]);
    expect(await kept.exports.bringUp(tenant)).toEqual([]);
    const { gunzipSync } = await import('node:zlib');
    const text = gunzipSync(await kept.exportStore.get(`${day}.json.gz`)).toString();
    expect(await verified(text)).toMatchObject({ ok: true, end: { first: 1, last: 3 } });
    const other = await kept.exports.bringUp({ ...tenant, slug: 'acme' });
    expect(other).toEqual([]);
    await kept.sealer.sealAll(kept.tenantId);
    expect(await kept.bundle()).toContain(`"object": "${day}.json.gz"`);
  });

  it('exports ranges that follow each other without a gap', async () => {
    const kept = await keep();
    await kept.write(2);
    await kept.sealer.sealAll(kept.tenantId);
    const between = new Date(Date.now() + 5);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await kept.write(2);
    await kept.sealer.sealAll(kept.tenantId);
    expect(await verified(await kept.bundle(undefined, between))).toMatchObject({
      ok: true,
      end: { first: 1, last: 2 },
    });
    expect(await verified(await kept.bundle(between))).toMatchObject({ ok: true, end: { first: 3, last: 6 } });
    const nothing = await kept.bundle(new Date(Date.now() + 60_000));
    expect(await verified(nothing)).toMatchObject({ ok: true, end: { first: 8, last: 7 } });
  });

  it('keeps tenants apart', async () => {
    const [one, two] = [await keep(), await keep()];
    await one.write(3);
    await two.write(1);
    await one.sealer.sealAll(one.tenantId);
    expect(await one.verification.verify(one.tenantId)).toMatchObject({ entries: 3 });
    expect(await two.verification.verify(two.tenantId)).toMatchObject({ entries: 1 });
    const { items } = await two.trail.events({ id: null, tenantId: two.tenantId }, {}, 100);
    expect(items).toHaveLength(1);
  });

  it('lists events by who, what and when, newest first, page by page, and tells of it', async () => {
    const kept = await keep();
    const reader = { id: newId(), tenantId: kept.tenantId };
    await kept.write(5);
    await kept.write(1, { action: 'dataset.export', resource: 'ds_1', result: 'denied' });
    const first = await kept.trail.events(reader, { action: 'record.read' }, 3);
    const second = await kept.trail.events(reader, { action: 'record.read' }, 3, first.nextCursor!);
    const all = [...first.items, ...second.items];
    expect([all.length, second.nextCursor]).toEqual([5, null]);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    );
    const denied = await kept.trail.events(reader, { result: 'denied', resource: 'ds_1' }, 10);
    expect(denied.items).toMatchObject([{ action: 'dataset.export' }]);
    const mine = await kept.trail.events(reader, { actorId: reader.id }, 10);
    expect(mine.items.map(({ action }) => action)).toEqual(['audit.read', 'audit.read', 'audit.read']);
    const future = await kept.trail.events(reader, { from: '2100-01-01T00:00:00Z' }, 10);
    expect(future.items).toEqual([]);
    for (const cursor of ['x', Buffer.from('["a","b"]').toString('base64url')]) {
      expect(() => kept.trail.events(reader, {}, 10, cursor)).toThrow('cursor');
    }
  });
});
