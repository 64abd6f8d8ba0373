import { newId } from '#kernel';
import { kinds, openTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type { Database } from './database.ts';

const anna = newId();
const bert = newId();

async function addTenant(database: Database, id: string): Promise<void> {
  await database.inTenant(id, () =>
    database.query('INSERT INTO tenants (id, slug, name) VALUES ($1, $2, $2)', [id, id]),
  );
}

function tell(database: Database, tenant: string, topic: string): Promise<unknown> {
  return database.query('INSERT INTO outbox_events (id, tenant_id, topic, payload) VALUES ($1, $2, $3, $4)', [
    newId(),
    tenant,
    topic,
    '{}',
  ]);
}

async function topics(database: Database, tenant: string): Promise<string[]> {
  const rows = await database.inTenant(tenant, () =>
    database.query<{ topic: string }>('SELECT topic FROM outbox_events ORDER BY id'),
  );
  return rows.map(({ topic }) => topic);
}

describe.each(kinds)('transactions on %s', (kind) => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await openTestDatabase(kind, []);
    database = place.database;
    await addTenant(database, anna);
    await addTenant(database, bert);
  });
  afterAll(() => place.close());
  afterEach(async () => {
    for (const tenant of [anna, bert]) {
      await database.inTenant(tenant, () => database.query('DELETE FROM outbox_events'));
    }
  });

  describe('statements in turn', () => {
    const count = () => database.query<{ n: number }>('SELECT count(*)::int AS n FROM outbox_events');

    it('are done in their order, and each has its own answer', async () => {
      const answers = await database.inTenant(anna, () =>
        database.inTurn([() => tell(database, anna, 'one'), count, () => tell(database, anna, 'two'), count]),
      );
      expect(answers).toEqual([[], [{ n: 1 }], [], [{ n: 2 }]]);
      expect(await topics(database, anna)).toEqual(['one', 'two']);
    });

    it('fail as the first of them that failed, and leave nothing behind', async () => {
      const divide = () => database.query('SELECT 1 / 0');
      const failing = database.inTenant(anna, () =>
        database.inTurn([() => tell(database, anna, 'one'), divide, () => tell(database, anna, 'two'), count]),
      );
      await expect(failing).rejects.toThrow(/division by zero/);
      expect(await topics(database, anna)).toEqual([]);
    });

    it('let no transaction commit in which one failed, whoever caught that', async () => {
      const caught = database.inTenant(anna, () =>
        database.inTurn([() => tell(database, anna, 'one'), () => database.query('SELECT 1 / 0')]).catch(() => null),
      );
      await expect(caught).rejects.toThrow();
      expect(await topics(database, anna)).toEqual([]);
    });
  });

  describe('invariant 3: a query without a tenant', () => {
    beforeEach(() => database.inTenant(anna, () => tell(database, anna, 'hers')));

    it('and changes nothing', async () => {
      await database.withoutTenant({}, () => database.query('DELETE FROM outbox_events'));
      await database.withoutTenant({}, () => database.query(`UPDATE tenants SET name = 'taken'`));
      expect(await topics(database, anna)).toEqual(['hers']);
    });

    it('and adds nothing', async () => {
      const adding = database.withoutTenant({}, () => tell(database, anna, 'slipped in'));
      await expect(adding).rejects.toThrow(/row-level security/);
    });
  });

  describe('invariant 3: one tenant', () => {
    beforeEach(() => database.inTenant(anna, () => tell(database, anna, 'hers')));

    it("does not see another's rows", async () => {
      expect(await topics(database, bert)).toEqual([]);
      expect(await database.inTenant(bert, () => database.query('SELECT id FROM tenants'))).toEqual([{ id: bert }]);
    });

    it("does not change or take away another's rows", async () => {
      await database.inTenant(bert, () => database.query(`UPDATE outbox_events SET topic = 'his'`));
      await database.inTenant(bert, () => database.query('DELETE FROM outbox_events'));
      expect(await topics(database, anna)).toEqual(['hers']);
    });

    it('does not add rows for another, nor give its own away', async () => {
      await expect(database.inTenant(bert, () => tell(database, anna, 'forged'))).rejects.toThrow(/row-level security/);
      const giving = database.inTenant(anna, () => database.query('UPDATE outbox_events SET tenant_id = $1', [bert]));
      await expect(giving).rejects.toThrow(/row-level security/);
    });

    it('cannot call itself another inside its transaction by joining one', async () => {
      const nested = database.inTenant(anna, () => database.inTenant(bert, async () => undefined));
      await expect(nested).rejects.toThrow('a transaction belongs to one tenant');
    });
  });

  it('invariant 3: takes whatever a setting says as one text', async () => {
    const hostile = ["'", "x', true); SELECT set_config('vault.roll_call', 'on", '\\', "\\'; --", '$1', 'é\u2028'];
    for (const text of hostile) {
      const read = (): Promise<object[]> =>
        database.query(
          `SELECT current_setting('vault.sign_in') AS text, current_setting('vault.roll_call', true) AS roll`,
        );
      const [row] = await database.withoutTenant({ 'vault.sign_in': text }, read);
      expect([null, '']).toContain((row as { roll: string | null }).roll);
      expect(row).toMatchObject({ text });
    }
    const cut = database.withoutTenant({ 'vault.sign_in': 'a\0b' }, async () => undefined);
    await expect(cut).rejects.toThrow('NUL');
    const forged = database.inTenant(`${anna}'; SELECT '`, () => database.query('SELECT 1 FROM tenants'));
    await expect(forged).rejects.toThrow(/uuid/);
  });

  it('cannot nest a transaction without a tenant', async () => {
    const nested = database.inTenant(anna, () => database.withoutTenant({}, async () => undefined));
    await expect(nested).rejects.toThrow('cannot be nested');
  });

  it('leaves no tenant behind on the connection', async () => {
    await database.inTenant(anna, () => database.query('SELECT 1'));
    const [row] = await place.opened.dataSource.query<{ tenant: string | null }[]>(`SELECT vault_tenant() AS tenant`);
    expect(row).toEqual({ tenant: null });
  });

  describe('invariant 4: audit rows', () => {
    const append = (): Promise<unknown> =>
      database.query(
        `INSERT INTO audit_events (id, tenant_id, action, resource, result) VALUES ($1, $2, 'a', 'b', 'allowed')`,
        [newId(), anna],
      );

    it('can be added', async () => {
      await database.inTenant(anna, append);
      expect(
        (await database.inTenant(anna, () => database.query('SELECT 1 FROM audit_events'))).length,
      ).toBeGreaterThan(0);
    });

    it.each(["UPDATE audit_events SET action = 'other'", 'DELETE FROM audit_events', 'TRUNCATE audit_events'])(
      'cannot be changed: %s',
      async (sql) => {
        await database.inTenant(anna, append);
        await expect(database.inTenant(anna, () => database.query(sql))).rejects.toThrow(
          /permission denied|append-only/,
        );
      },
    );

    it.each(["UPDATE audit_events SET action = 'other'", 'DELETE FROM audit_events', 'TRUNCATE audit_events'])(
      'cannot be changed by the owner of the tables either: %s',
      async (sql) => {
        await expect(place.opened.statement(sql)).rejects.toThrow('append-only');
      },
    );
  });

  describe('a transaction', () => {
    it('that fails leaves nothing', async () => {
      const failing = database.inTenant(anna, async () => {
        await tell(database, anna, 'never');
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await topics(database, anna)).toEqual([]);
    });

    it('joins the one it is called in, and fails with it', async () => {
      const failing = database.inTenant(anna, async () => {
        await database.inTenant(anna, () => tell(database, anna, 'never'));
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await topics(database, anna)).toEqual([]);
    });

    it('invariant 2: in which a statement failed is never taken for committed', async () => {
      const swallowed = database.inTenant(anna, async () => {
        await tell(database, anna, 'lost');
        await database.query('SELECT * FROM no_such_table').catch(() => undefined);
      });
      await expect(swallowed).rejects.toThrow('cannot commit');
      expect(await topics(database, anna)).toEqual([]);
    });

    it('sees nothing of one that runs beside it', async () => {
      const seen: string[][] = [];
      await Promise.all(
        [anna, bert].map(async (tenant) => {
          for (let i = 0; i < 20; i += 1) {
            await database.inTenant(tenant, async () => {
              await tell(database, tenant, tenant);
              const rows = await database.query<{ topic: string }>('SELECT DISTINCT topic FROM outbox_events');
              seen.push([tenant, ...rows.map(({ topic }) => topic)]);
            });
          }
        }),
      );
      expect(seen).toHaveLength(40);
      for (const [tenant, ...found] of seen) expect(found).toEqual([tenant]);
    });

    it('is no place for work that outlives it', async () => {
      let late: Promise<unknown> = Promise.resolve();
      await database.inTenant(anna, async () => {
        late = new Promise<void>((resolve) => setTimeout(resolve, 50)).then(() => tell(database, anna, 'too late'));
        late.catch(() => undefined);
      });
      await expect(late).rejects.toThrow(/released/);
      expect(await topics(database, anna)).toEqual([]);
    });

    it('is needed for a query', async () => {
      await expect(database.query('SELECT 1')).rejects.toThrow('a query outside of a transaction');
    });

    it('gives the rows of RETURNING', async () => {
      const rows = await database.inTenant(anna, async () => {
        await tell(database, anna, 'one');
        return database.query(`UPDATE outbox_events SET topic = 'two' RETURNING topic`);
      });
      expect(rows).toEqual([{ topic: 'two' }]);
    });

    it('waits for locks, statements and its own code only so long', async () => {
      const [row] = await database.inTenant(anna, () =>
        database.query(`SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
          current_setting('idle_in_transaction_session_timeout') AS idle`),
      );
      expect(row).toEqual({ lock: '5s', statement: '25s', idle: '30s' });
    });
  });

  describe('what follows a commit', () => {
    it('runs once it is there', async () => {
      const order: string[] = [];
      await database.inTenant(anna, async () => {
        database.afterCommit(() => order.push('told'));
        await tell(database, anna, 'done');
        order.push('written');
      });
      expect(order).toEqual(['written', 'told']);
    });

    it('does not run when there is none', async () => {
      let told = false;
      const failing = database.inTenant(anna, async () => {
        database.afterCommit(() => (told = true));
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow();
      expect(told).toBe(false);
    });

    it('does not make what is durable look failed', async () => {
      await database.inTenant(anna, async () => {
        await tell(database, anna, 'done');
        database.afterCommit(() => {
          throw new Error('nobody listens');
        });
      });
      expect(await topics(database, anna)).toEqual(['done']);
    });
  });

  describe('what goes apart', () => {
    const noted = (): Promise<void> => database.apart(anna, async () => void (await tell(database, anna, 'refused')));

    it('stays when the transaction it was asked for in is rolled back', async () => {
      const failing = database.inTenant(anna, async () => {
        await tell(database, anna, 'given up');
        await noted();
        throw new Error('not allowed');
      });
      await expect(failing).rejects.toThrow('not allowed');
      expect(await topics(database, anna)).toEqual(['refused']);
    });

    it('is there at once outside of one, and after one that is kept', async () => {
      await noted();
      await database.inTenant(anna, async () => {
        await noted();
        await tell(database, anna, 'done');
      });
      expect(await topics(database, anna)).toEqual(['refused', 'done', 'refused']);
    });

    it('makes whoever began the transaction fail when it fails', async () => {
      const failing = database.inTenant(anna, async () => {
        await database.apart(anna, () => Promise.reject(new Error('cannot be written down')));
        throw new Error('not allowed');
      });
      await expect(failing).rejects.toThrow('cannot be written down');
    });
  });

  describe('a transaction of two tenants', () => {
    it('writes to each as that one, and is kept or lost as a whole', async () => {
      const both = (fail: boolean): Promise<void> =>
        database.inTenant(anna, async () => {
          await tell(database, anna, 'here');
          await database.asTenant(bert, () => tell(database, bert, 'there'));
          await tell(database, anna, 'here again');
          if (fail) throw new Error('changed my mind');
        });
      await expect(both(true)).rejects.toThrow();
      expect([await topics(database, anna), await topics(database, bert)]).toEqual([[], []]);
      await both(false);
      expect([await topics(database, anna), await topics(database, bert)]).toEqual([['here', 'here again'], ['there']]);
    });

    it('sees nothing of the first while it is of the second', async () => {
      const seen = await database.inTenant(anna, async () => {
        await tell(database, anna, 'here');
        return database.asTenant(bert, () => database.query('SELECT topic FROM outbox_events'));
      });
      expect(seen).toEqual([]);
    });
  });

  describe('statements of other packages', () => {
    it('may be several, and give the rows of all', async () => {
      expect(await database.statement('BEGIN; SELECT 1 AS n; SELECT 2 AS n; COMMIT')).toEqual([{ n: 1 }, { n: 2 }]);
      expect(await database.statement('SELECT $1::int AS n', [3])).toEqual([{ n: 3 }]);
    });

    it('that fail half-way leave nobody in their transaction', async () => {
      await expect(database.statement('BEGIN; SELECT 1/0; COMMIT')).rejects.toThrow('division by zero');
      await database.inTenant(anna, () => tell(database, anna, 'untouched'));
      expect(await topics(database, anna)).toEqual(['untouched']);
    });
  });
});
