import { Entity, PrimaryColumn } from 'typeorm';
import type { Database } from '#database';
import { newId, runInContext, showId } from '#kernel';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { Audit } from './audit.ts';
import { AuditEvent } from './audit-event.entity.ts';

/** The rows' owner, as far as this room knows it. */
@Entity({ name: 'tenants' })
class Tenant {
  @PrimaryColumn('uuid')
  id: string;
}

describe.each(programs)('the audit on %s', (program) => {
  let place: TestDatabase;
  let database: Database;
  let audit: Audit;
  const caller = { id: newId(), tenantId: newId() };
  beforeAll(async () => {
    place = await openTestDatabase(program, [Tenant, AuditEvent]);
    database = place.database;
    audit = new Audit(database);
    await database.inTenant(caller.tenantId, () =>
      database.query(`INSERT INTO tenants (id, slug, name) VALUES ($1, 'one', 'One')`, [caller.tenantId]),
    );
  });
  afterAll(() => place.close());

  const events = (): Promise<AuditEvent[]> =>
    database.inTenant(caller.tenantId, () => database.repository(AuditEvent).find({ order: { at: 'ASC', id: 'ASC' } }));

  it('keeps who did what to what, from where, and how it went', async () => {
    const before = Date.now();
    await runInContext({ requestId: 'req-7', ip: '192.0.2.1' }, () =>
      database.inTenant(caller.tenantId, () =>
        audit.append(caller, {
          action: 'dataset.export',
          resource: 'ds_1',
          result: 'denied',
          reason: 'no permission',
          details: { records: 3, whole: true, ref: null, format: 'jsonl' },
        }),
      ),
    );
    const event = (await events()).at(-1)!;
    expect(event).toMatchObject({
      tenantId: caller.tenantId,
      actorId: caller.id,
      action: 'dataset.export',
      resource: 'ds_1',
      result: 'denied',
      reason: 'no permission',
      requestId: 'req-7',
      ip: '192.0.2.1',
      details: { records: 3, whole: true, ref: null, format: 'jsonl' },
    });
    expect(event.at.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(event.at.getTime()).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('says with which session or API key it was done, and never takes that from details', async () => {
    const [sessionId, apiKeyId] = [newId(), newId()];
    const details = { records: 3 };
    await database.inTenant(caller.tenantId, async () => {
      await audit.append({ ...caller, sessionId }, { action: 'a', resource: 'b', details });
      expect((await events()).at(-1)!.details).toEqual({ records: 3, session: showId('ses', sessionId) });
      await audit.append({ ...caller, apiKeyId }, { action: 'a', resource: 'b', details: { api_key: 'another' } });
      expect((await events()).at(-1)!.details).toEqual({ api_key: showId('key', apiKeyId) });
    });
  });

  it('takes what happens outside of any request, and by nobody in particular', async () => {
    await database.inTenant(caller.tenantId, () =>
      audit.append({ id: null, tenantId: caller.tenantId }, { action: 'tenant.create', resource: 'ten_1' }),
    );
    expect((await events()).at(-1)).toMatchObject({
      actorId: null,
      requestId: null,
      ip: null,
      result: 'allowed',
      details: {},
    });
  });

  it('invariant 4: goes with the change it tells of', async () => {
    const before = (await events()).length;
    const changing = database.inTenant(caller.tenantId, async () => {
      await audit.append(caller, { action: 'a', resource: 'b' });
      throw new Error('the change failed');
    });
    await expect(changing).rejects.toThrow('the change failed');
    expect(await events()).toHaveLength(before);
  });

  it('invariant 4: takes the change with it when it cannot be written', async () => {
    const changing = database.inTenant(caller.tenantId, async () => {
      await database.query(`UPDATE tenants SET name = 'Changed'`);
      await audit
        .append(caller, { action: 'a', resource: 'b', result: 'no such result' as never })
        .catch(() => undefined);
    });
    await expect(changing).rejects.toThrow('cannot commit');
    const [tenant] = await database.inTenant(caller.tenantId, () => database.query('SELECT name FROM tenants'));
    expect(tenant).toEqual({ name: 'One' });
  });

  it('invariant 4: is not written outside of a transaction', async () => {
    await expect(audit.append(caller, { action: 'a', resource: 'b' })).rejects.toThrow('outside of a transaction');
  });

  it('invariant 3: is not written for another tenant', async () => {
    const forged = database.inTenant(caller.tenantId, () =>
      audit.append({ id: caller.id, tenantId: newId() }, { action: 'a', resource: 'b' }),
    );
    await expect(forged).rejects.toMatchObject({
      code: 'audit-unavailable',
      cause: { message: expect.stringContaining('row-level security') as string },
    });
  });

  it('invariant 4: refuses the change with its own error when the database takes no audit row', async () => {
    await place.opened.statement(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse()`);
    try {
      const changing = database.inTenant(caller.tenantId, async () => {
        await database.query(`UPDATE tenants SET name = 'Changed'`);
        await audit.append(caller, { action: 'a', resource: 'b' });
      });
      await expect(changing).rejects.toMatchObject({ code: 'audit-unavailable', kind: 'unavailable', retryAfter: 5 });
      const [tenant] = await database.inTenant(caller.tenantId, () => database.query('SELECT name FROM tenants'));
      expect(tenant).toEqual({ name: 'One' });
    } finally {
      await place.opened.statement('DROP TRIGGER refuse ON audit_events; DROP FUNCTION refuse()');
    }
  });

  it('cannot be changed or taken away, not even by the owner of the table', async () => {
    const [event] = await events();
    for (const sql of [`UPDATE audit_events SET action = 'x'`, 'DELETE FROM audit_events', 'TRUNCATE audit_events']) {
      await expect(database.inTenant(caller.tenantId, () => database.query(sql))).rejects.toThrow();
      await expect(place.opened.statement(sql)).rejects.toThrow('append-only');
    }
    expect((await events())[0]).toEqual(event);
  });

  it('keeps no e-mail address, no control character, and nothing without end', async () => {
    await runInContext({ requestId: `${'r'.repeat(500)}` }, () =>
      database.inTenant(caller.tenantId, () =>
        audit.append(caller, {
          action: 'a',
          resource: `line\none\u0000\ud800 jane.doe@example.org`,
          reason: 'x'.repeat(5000),
          details: {
            'jane@example.org': `mail <jane@example.org>, ${'y'.repeat(5000)}`,
            ratio: Number.NaN,
            ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`n${i}`, i])),
          },
        }),
      ),
    );
    const event = (await events()).at(-1)!;
    expect(event.resource).toBe('line one \ufffd [address]');
    expect(event.reason).toHaveLength(500);
    expect(event.requestId).toHaveLength(128);
    expect(Object.keys(event.details)).toHaveLength(32);
    expect(event.details).toMatchObject({ '[address]': expect.stringMatching(/^mail <\[address\]>, y+$/) as string });
    expect(event.details['ratio']).toBeNull();
    expect(JSON.stringify(event)).not.toContain('@');
  });
});
