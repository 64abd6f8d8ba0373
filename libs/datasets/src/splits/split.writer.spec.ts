import fc from 'fast-check';
import { MerkleTree } from '#crypto';
import { newId, showId } from '#kernel';
import { programs } from '../../../../test/support/test-database.ts';
import type { Dataset } from '../dataset.entity.ts';
import { openDatasets, type OpenedDatasets } from '../opened-datasets.contract.ts';
import type { StagedCommit } from '../commit.writer.ts';
import { SplitPlan } from './split.plan.ts';
import { SplitRepository } from './split.repository.ts';
import { SplitStages } from './split.stages.ts';
import { SplitWriter } from './split.writer.ts';

/** What others do between two transactions, to the n-th record there is. */
const act = fc.record({ op: fc.constantFrom('create', 'replace', 'move', 'drop', 'fork', 'tag'), n: fc.nat() });

describe.each(programs)('splits are put on a branch on %s', (program) => {
  let vault: OpenedDatasets;
  let dataset: Dataset;
  let stages: SplitStages;
  let writer: SplitWriter;
  beforeAll(async () => {
    vault = await openDatasets(program);
    const { database, datasets, branchWriter: branches, commits } = vault;
    const splits = new SplitRepository(database);
    stages = new SplitStages({ database, datasets, splits }, 2);
    writer = new SplitWriter({ database, splits, stages, branches, commits }, 3);
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    dataset = await vault.creating.create(vault.caller, { name: newId() });
  });

  const sql = <R>(text: string, parameters: unknown[] = [dataset.id]): Promise<R[]> =>
    vault.database.inTenant(vault.caller.tenantId, () => vault.database.query<R>(text, parameters));
  const seen = async (ref?: string): Promise<string[]> => {
    const { layers } = await vault.records.snapshot(vault.caller, dataset.id, ref);
    const rows = await vault.database.inTenant(vault.caller.tenantId, () => vault.rows.page(layers, 1000, null));
    return rows.map(({ recordId, leaf, split }) => `${recordId} ${leaf.toString('hex')} ${split}`);
  };
  const fill = async (count: number): Promise<void> => {
    const items = Array.from({ length: count }, (_, n) => ({
      op: 'create' as const,
      body: { content: { n, mail: `user${n}@example.org` } },
    }));
    await vault.writer.batch(vault.caller, dataset.id, items, {});
  };
  const plan = async (into: number): Promise<SplitPlan> => {
    const { layers } = await vault.records.snapshot(vault.caller, dataset.id);
    const rows = await vault.database.inTenant(vault.caller.tenantId, () => vault.rows.page(layers, 1000, null));
    const splits = [0, 1].map((n) => ({ name: `round-${into}-${n}`, ratio: 0.5 }));
    const how = { splits, seed: '1', key: 'record_id', stratifyBy: null, onMissing: 'refuse' } as const;
    const made = new SplitPlan(rows.length, how);
    made.add({ rows, hashes: [Float64Array.from(rows, (_, i) => i)] });
    made.take(Uint8Array.from(rows, (_, i) => i % 2));
    return made;
  };
  const put = async (
    what: SplitPlan,
    progress: () => Promise<void> = async () => undefined,
    jobId = newId(),
  ): Promise<[StagedCommit | null, number]> => {
    let published: [StagedCommit | null, number] = [null, -1];
    await writer.write(what, {
      author: vault.caller,
      datasetId: dataset.id,
      branch: null,
      jobId,
      message: 'Assign splits',
      signal: new AbortController().signal,
      progress,
      done: async (...with_) => void (published = with_),
    });
    return published;
  };
  const nothingStaged = async (): Promise<void> => {
    expect(await sql(`SELECT id FROM commits WHERE dataset_id = $1 AND state <> 'published'`)).toEqual([]);
    const strays = `SELECT 1 FROM record_versions v WHERE dataset_id = $1 AND (
      NOT EXISTS (SELECT FROM commits c WHERE c.branch_id = v.branch_id AND c.seq = v.from_seq) OR
      v.to_seq IS NOT NULL AND NOT EXISTS (SELECT FROM commits c WHERE c.branch_id = v.branch_id AND c.seq = v.to_seq))`;
    expect(await sql(strays)).toEqual([]);
    const orphans = `SELECT 1 FROM findings f WHERE dataset_id = $1 AND NOT EXISTS (SELECT FROM record_versions v
      WHERE v.branch_id = f.branch_id AND v.record_id = f.record_id AND v.from_seq = f.from_seq)`;
    expect(await sql(orphans)).toEqual([]);
  };

  /** Does what others do, and keeps what each commit, branch and tag was then. */
  const others = (known: Map<string, string[]>, touched: Set<string>) => {
    let names = 0;
    const keep = async (ref: string): Promise<void> => void known.set(ref, await seen(ref));
    const change = async (op: string, recordId: string): Promise<void> => {
      const { caller } = vault;
      touched.add(recordId);
      if (op === 'replace')
        await vault.writer.replace(
          caller,
          dataset.id,
          recordId,
          { content: { n: newId(), mail: 'a@example.org' } },
          {},
        );
      if (op === 'move') await vault.writer.patch(caller, dataset.id, recordId, { split: `own-${newId()}` }, {});
      if (op === 'drop') await vault.writer.remove(caller, dataset.id, recordId, {});
    };
    return async ({ op, n }: { op: string; n: number }): Promise<void> => {
      const name = `name-${(names += 1)}`;
      const ids = (await seen()).map((row) => row.slice(0, 36));
      if (op === 'create') {
        const made = await vault.writer.create(vault.caller, dataset.id, { content: n }, {});
        touched.add(made.recordId);
      } else if (op === 'fork') await vault.naming.create(vault.caller, dataset.id, name);
      else if (op === 'tag') await vault.tagging.create(vault.caller, dataset.id, { name });
      else if (ids.length > 0) await change(op, ids[n % ids.length]!);
      if (op === 'fork' || op === 'tag') await keep(name);
      await keep(showId('cm', (await vault.records.snapshot(vault.caller, dataset.id)).commit.id));
    };
  };

  it('while others write there: what they touched is theirs, and what was once seen is seen again', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.tuple(fc.array(act, { maxLength: 3 }), fc.constantFrom('done', 'done', 'cut')), {
        minLength: 1,
        maxLength: 3,
      }),
      async (rounds) => {
        dataset = await vault.creating.create(vault.caller, { name: newId() });
        await fill(8);
        const known = new Map<string, string[]>();
        const touched = new Set<string>();
        const other = others(known, touched);
        for (const [into, [acts, end]] of rounds.entries()) {
          touched.clear();
          const what = await plan(into);
          const wanted = new Map([...what.moves(100)].flat().map((move) => [move.recordId, move.split]));
          const left = [...acts];
          const cut = new Error('cut');
          let isCut = false;
          // A plan of few moves may be over before the others are: such a round is not cut.
          const progress = async (): Promise<void> => {
            isCut = left.length === 0 && end === 'cut';
            if (isCut) throw cut;
            for (const each of left.splice(0, 2)) await other(each);
          };
          const written = put(what, progress);
          const [{ status, ...how }] = await Promise.allSettled([written]);
          expect([status, how]).toEqual(
            isCut ? ['rejected', { reason: cut }] : ['fulfilled', { value: expect.any(Array) }],
          );
          const before = isCut ? null : await written;
          const now = (await seen()).map((row) => row.split(' '));
          if (before) {
            for (const [id, , split] of now)
              if (!touched.has(id!) && wanted.has(id!)) expect(split).toBe(wanted.get(id!));
          }
          await nothingStaged();
        }
        for (const [ref, rows] of known) expect([ref, await seen(ref)]).toEqual([ref, rows]);
      },
    );
    await fc.assert(property, { numRuns: program === 'embedded' ? 4 : 30 });
  });

  it('as a commit of what it changed, however it was overtaken', async () => {
    await fill(7);
    const ids = (await seen()).map((row) => row.slice(0, 36));
    let overtaken = 0;
    const [commit, changed] = await put(await plan(0), async () => {
      if (overtaken === 2) return;
      await vault.writer.replace(vault.caller, dataset.id, ids[overtaken]!, { content: 'theirs' }, {});
      overtaken += 1;
    });
    expect(changed).toBe(5);
    const [row] = await sql<{ merkle_root: Buffer; changes: object }>('SELECT * FROM commits WHERE id = $1', [
      commit!.id,
    ]);
    expect(row!.changes).toEqual({ added: 0, changed: 5, removed: 0 });
    const tree = new MerkleTree();
    const leaves = 'SELECT leaf FROM record_versions WHERE branch_id = $1 AND from_seq = $2 ORDER BY record_id';
    for (const { leaf } of await sql<{ leaf: Buffer }>(leaves, [commit!.branchId, commit!.seq])) tree.append(leaf);
    expect([tree.size, row!.merkle_root.equals(tree.root())]).toEqual([5, true]);
    const { items } = await vault.records.history(vault.caller, dataset.id, ids[0]!, { limit: 10 });
    expect(items.map(({ change }) => change)).toEqual(['changed', 'added']);
    const stats = (await vault.records.snapshot(vault.caller, dataset.id)).commit.statistics;
    expect(stats).toMatchObject({ records: 7, findingsByType: { EMAIL_ADDRESS: 5 } });
  });

  it('and what a process that died left is put away by the job that is done again, and by the sweeper', async () => {
    await fill(7);
    const before = await seen();
    const forever = new Promise<never>(() => undefined);
    const [once, gone] = [newId(), newId()];
    let stopped = 0;
    const die = async (): Promise<void> => {
      if ((stopped += 1) === 2) await forever;
    };
    const { promise: isStuck, resolve } = Promise.withResolvers<void>();
    void put(await plan(0), () => (stopped === 1 ? (resolve(), die()) : die()), once);
    await isStuck;
    expect(await seen()).toEqual(before);
    expect(await stages.lost(vault.caller.tenantId)).toEqual([]);
    const [, changed] = await put(await plan(0), undefined, once);
    expect(changed).toBe(7);
    await nothingStaged();

    stopped = 0;
    const { promise: again, resolve: stuck } = Promise.withResolvers<void>();
    void put(await plan(1), () => (stopped === 1 ? (stuck(), die()) : die()), gone);
    await again;
    await sql(
      `UPDATE commits SET lease_until = now() - interval '1 second' WHERE dataset_id = $1 AND state = 'staged'`,
    );
    const lost = await stages.lost(vault.caller.tenantId);
    expect(lost).toMatchObject([{ jobId: gone }]);
    await stages.giveUp(lost[0]!);
    await stages.giveUp(lost[0]!);
    await nothingStaged();
  });

  it('but not on a branch that was reset meanwhile, or is protected by then', async () => {
    await fill(4);
    const first = showId('cm', (await vault.records.snapshot(vault.caller, dataset.id)).commit.id);
    await vault.writer.create(vault.caller, dataset.id, { content: 'later' }, {});
    const reset = async (): Promise<void> => void (await vault.naming.reset(vault.caller, dataset.id, 'main', first));
    await expect(put(await plan(0), reset)).rejects.toMatchObject({ code: 'version-conflict' });
    await nothingStaged();
    const protect = async (): Promise<void> =>
      void (await vault.naming.protect(vault.caller, dataset.id, 'main', { isProtected: true }));
    await expect(put(await plan(0), protect)).rejects.toMatchObject({ code: 'branch-protected' });
    await nothingStaged();
  });
});
