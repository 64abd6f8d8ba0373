import { setImmediate as turn } from 'node:timers/promises';
import { AuditEvent } from '#audit';
import { newId, showId, SilentLog } from '#kernel';
import { programs } from '../../../../test/support/test-database.ts';
import type { Dataset } from '../dataset.entity.ts';
import { Leftovers } from '../leftovers.ts';
import { openDatasets, type OpenedDatasets } from '../opened-datasets.contract.ts';
import { RemovalRepository } from '../removal.repository.ts';
import { SegmentReader } from '../segment.reader.ts';
import { CompactionRepository } from './compaction.repository.ts';
import { CompactionSweeper } from './compaction.sweeper.ts';
import { type Compacted, Compactor, type CompactorParts } from './compactor.ts';
import { repack } from './repack.task.ts';

describe.each(programs)('compaction on %s', (program) => {
  let vault: OpenedDatasets;
  let dataset: Dataset;
  let leftovers: Leftovers;
  let compaction: CompactionRepository;
  const counted: [number, number][] = [];
  beforeAll(async () => {
    vault = await openDatasets(program);
    leftovers = new Leftovers(vault.database, vault.blobs, new SilentLog());
    compaction = new CompactionRepository(vault.database);
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    // What a test before left is not this one's.
    await sweep(0);
    dataset = await vault.creating.create(vault.caller, { name: newId() });
  });

  const compactorOf = (other: Partial<CompactorParts> = {}): Compactor => {
    const { database, rows: records, blobs, keys, audit } = vault;
    const segments = new SegmentReader(blobs, keys);
    const pool: CompactorParts['pool'] = { run: async (task) => repack(structuredClone(task)) };
    const counters = { compacted: (...each: [number, number]) => void counted.push(each) };
    const kept = { database, compaction, records, segments, leftovers, blobs, keys };
    return new Compactor({ ...kept, pool, audit, counters, log: new SilentLog(), ...other });
  };
  const compact = (other: Partial<CompactorParts> = {}): Promise<Compacted> =>
    compactorOf(other).run({
      tenantId: vault.caller.tenantId,
      datasetId: dataset.id,
      actor: vault.caller.id,
      signal: new AbortController().signal,
    });
  const sweep = (graceSeconds: number): Promise<void> => {
    const tenants = { tenants: async () => [{ id: vault.caller.tenantId }] } as never;
    const gate = { isOpen: true, passed: async () => undefined };
    const { database } = vault;
    const given = { database, tenants, compaction, compactor: compactorOf(), leftovers, log: new SilentLog(), gate };
    return new CompactionSweeper(given, { least: 8, graceSeconds }).sweep();
  };
  const query = <R>(sql: string, parameters: unknown[] = []): Promise<R[]> =>
    vault.database.inTenant(vault.caller.tenantId, () => vault.database.query<R>(sql, parameters));
  const create = (content: unknown, branch?: string): ReturnType<typeof vault.writer.create> =>
    vault.writer.create(vault.caller, dataset.id, { content: content as never }, { branch });
  const many = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) ids.push((await create({ n, text: `number ${n}` })).recordId);
    return ids;
  };
  const inUse = async (): Promise<number> => {
    const sql = 'SELECT count(*)::int AS n FROM segments WHERE dataset_id = $1 AND retired_at IS NULL';
    return (await query<{ n: number }>(sql, [dataset.id]))[0]!.n;
  };
  const stored = async (): Promise<Set<string>> => {
    const keys = new Set<string>();
    for await (const { key } of vault.blobs.list('')) keys.add(key);
    return keys;
  };
  const exported = async (ref?: string): Promise<string> => {
    const { layers } = await vault.database.inTenant(vault.caller.tenantId, () => vault.refs.resolve(dataset.id, ref));
    let text = '';
    for await (const piece of vault.reader.stream(vault.caller.tenantId, layers)) text += piece.toString();
    return text;
  };
  /** All that a reader, and whoever checks commits, can see of the dataset. */
  const seen = async (): Promise<unknown> => {
    const commits = await query<{ id: string }>(
      `SELECT id, hash, merkle_root, statistics FROM commits WHERE dataset_id = $1 ORDER BY id`,
      [dataset.id],
    );
    const middle = commits[Math.floor(commits.length / 2)]!;
    const exports = [await exported(), await exported(showId('cm', middle.id))];
    const versions = await query(
      `SELECT branch_id, record_id, from_seq, to_seq, bytes, risk, leaf, split FROM record_versions
        WHERE dataset_id = $1 ORDER BY branch_id, record_id, from_seq`,
      [dataset.id],
    );
    return { commits, exports, versions };
  };

  it('invariant 7: small segments become few, and no commit, leaf or byte of a record changes', async () => {
    const ids = await many(20);
    await vault.writer.patch(vault.caller, dataset.id, ids[3]!, { content: { text: 'changed' } }, {});
    await vault.writer.remove(vault.caller, dataset.id, ids[5]!, {});
    await vault.naming.create(vault.caller, dataset.id, 'draft');
    await create({ mail: 'jane@example.org' }, 'draft');
    const before = await seen();
    expect(await inUse()).toBe(22);
    counted.length = 0;
    await expect(compact()).resolves.toMatchObject({ from: 22, into: 1 });
    expect(await inUse()).toBe(1);
    expect(await seen()).toEqual(before);
    expect(counted).toEqual([[22, expect.any(Number)]]);
    const events = await vault.database.inTenant(vault.caller.tenantId, () =>
      vault.database.repository(AuditEvent).findBy({ action: 'segment.compact' }),
    );
    expect(events).toMatchObject([{ actorId: vault.caller.id, details: { segments: 22 } }]);

    // Whoever found out before where a record lies still reads it; later keys and objects are gone.
    expect((await stored()).size).toBe(23);
    await sweep(60);
    expect((await stored()).size).toBe(23);
    await sweep(0);
    expect((await stored()).size).toBe(1);
    expect(await query('SELECT id FROM segments WHERE dataset_id = $1', [dataset.id])).toHaveLength(1);
    expect(await query('SELECT object FROM leftover_objects')).toEqual([]);
    expect(await seen()).toEqual(before);
    await expect(compact()).resolves.toEqual({ from: 0, into: 0, bytes: 0 });
  });

  it('comes by itself where there are many small segments, and not where there are few', async () => {
    await many(5);
    await sweep(60);
    expect(await inUse()).toBe(5);
    await many(3);
    await sweep(60);
    expect(await inUse()).toBe(1);
  });

  it('lets a reader that has begun come to its end', async () => {
    await many(8);
    const whole = await exported();
    const { layers } = await vault.database.inTenant(vault.caller.tenantId, () =>
      vault.refs.resolve(dataset.id, undefined),
    );
    const reading = vault.reader.stream(vault.caller.tenantId, layers);
    let text = (await reading.next()).value!.toString();
    await compact();
    for await (const piece of reading) text += piece.toString();
    expect(text).toBe(whole);
  });

  it('goes on beside writers, of whose writes none is lost', async () => {
    const ids = await many(12);
    const writing = (async () => {
      for (const [n, id] of ids.entries()) {
        await vault.writer.replace(vault.caller, dataset.id, id, { content: { n, again: true } }, {});
        await create({ more: n });
      }
    })();
    const done: Compacted[] = [];
    for (const _ of [1, 2, 3]) {
      done.push(await compact());
      await turn();
    }
    await writing;
    done.push(await compact());
    const lines = (await exported())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { again?: boolean });
    expect([lines.length, lines.filter(({ again }) => again).length]).toEqual([24, 12]);
    const standing = 'SELECT record_id FROM record_versions WHERE dataset_id = $1 AND to_seq IS NULL';
    expect(await query(standing, [dataset.id])).toHaveLength(24);
    expect(await inUse()).toBe(1);
  });

  it('ends, though somebody goes on writing', async () => {
    await many(3);
    const put = async (key: string, bytes: Uint8Array): Promise<void> => {
      await vault.blobs.put(key, bytes);
      await many(2);
    };
    await expect(compact({ blobs: { put } as never })).resolves.toMatchObject({ from: 3, into: 1 });
  });

  it('is done once by two at a time', async () => {
    await many(10);
    const done = await Promise.all([compact(), compact()]);
    expect(done.map(({ from }) => from).sort((a, b) => a - b)).toEqual([0, 10]);
    expect(await inUse()).toBe(1);
  });

  it.each(['before the object is stored', 'after it', 'while rows are changed'])(
    'leaves everything as it was when it ends %s, and what it stored is cleared',
    async (when) => {
      await many(6);
      const before = await seen();
      const keys = await stored();
      const end = (): never => {
        throw new Error('the process ends');
      };
      const put = async (key: string, bytes: Uint8Array): Promise<void> => {
        if (when === 'before the object is stored') end();
        await vault.blobs.put(key, bytes);
        if (when === 'after it') end();
      };
      const audit = { append: async () => end() } as never;
      await expect(compact({ blobs: { put } as never, ...(when.startsWith('while') && { audit }) })).rejects.toThrow();
      expect(await seen()).toEqual(before);
      expect(await query('SELECT object FROM leftover_objects')).toHaveLength(1);
      await sweep(0);
      expect((await stored()).size).toBe(when.startsWith('before') ? keys.size : keys.size + 1);
      await query('UPDATE leftover_objects SET not_before = now()');
      await sweep(0);
      expect(await stored()).toEqual(keys);
      await query('UPDATE segments SET claimed_until = NULL WHERE dataset_id = $1', [dataset.id]);
      await expect(compact()).resolves.toMatchObject({ from: 6, into: 1 });
      expect(await seen()).toEqual(before);
    },
  );

  it('gives way to who deletes the dataset meanwhile', async () => {
    await many(6);
    const removals = new RemovalRepository(vault.database);
    const put = async (key: string, bytes: Uint8Array): Promise<void> => {
      await vault.blobs.put(key, bytes);
      await vault.database.inTenant(vault.caller.tenantId, async () => {
        await removals.lock(dataset.id);
        await removals.remove(dataset.id);
      });
    };
    await expect(compact({ blobs: { put } as never })).resolves.toEqual({ from: 0, into: 0, bytes: 0 });
    expect(await query('SELECT id FROM segments WHERE dataset_id = $1', [dataset.id])).toEqual([]);
    expect(await query('SELECT object FROM leftover_objects')).toHaveLength(1);
    await query('UPDATE leftover_objects SET not_before = now()');
    await sweep(0);
  });

  it('keeps a segment that somebody named who had planned before', async () => {
    const [id] = await many(4);
    const [old] = await query<object>('SELECT * FROM record_versions WHERE record_id = $1', [id]);
    await compact();
    const branch = newId();
    await query(`INSERT INTO record_versions SELECT r.* FROM jsonb_populate_record(NULL::record_versions, $1) AS r`, [
      JSON.stringify({ ...old, leaf: '\\x00', branch_id: branch }),
    ]);
    await sweep(0);
    expect(await inUse()).toBe(2);
    await query('DELETE FROM record_versions WHERE branch_id = $1', [branch]);
  });

  it('refuses a row that would name a segment whose key is gone', async () => {
    const { database, caller, branchWriter } = vault;
    const { recordId } = await create({ n: 1 });
    const { row } = await vault.records.get(caller, dataset.id, recordId);
    const append = (segmentId: string): Promise<unknown> =>
      database.inTenant(caller.tenantId, async () => {
        const held = await branchWriter.mustHold(dataset.id, null);
        const after = Object.assign(structuredClone(row), { segmentId, findings: [] });
        const draft = {
          author: caller,
          message: 'Take over',
          changes: [{ recordId, before: row, after }],
          acts: [],
        };
        return branchWriter.append(held, [draft], []);
      });
    await expect(append(newId())).rejects.toMatchObject({ code: 'version-conflict' });
    await expect(append(row.segmentId)).resolves.toHaveLength(1);
  });

  it('leaves records where they are that are not what was committed', async () => {
    const [id] = await many(3);
    await query(`UPDATE record_versions SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE record_id = $1`, [
      id,
    ]);
    await expect(compact()).rejects.toThrow('not what was committed');
    expect(await inUse()).toBe(3);
  });
});
