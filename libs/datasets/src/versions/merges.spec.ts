import fc from 'fast-check';
import { newId, showId } from '#kernel';
import { programs } from '../../../../test/support/test-database.ts';
import type { Commit } from '../commit.entity.ts';
import type { Dataset } from '../dataset.entity.ts';
import { openDatasets, type OpenedDatasets } from '../opened-datasets.contract.ts';
import type { Json } from '../writes/merge-patch.ts';
import type { AskMerge, Merge } from './merges.service.ts';

const PLAIN = { strategy: 'fail', resolutions: [] } as const;

describe.each(programs)('merges on %s', (program) => {
  let vault: OpenedDatasets;
  let dataset: Dataset;
  beforeAll(async () => {
    vault = await openDatasets(program);
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    dataset = await vault.creating.create(vault.caller, { name: newId() });
  });

  const create = async (content: Json, branch?: string, more = {}): Promise<string> =>
    (await vault.writer.create(vault.caller, dataset.id, { content, ...more }, { branch })).recordId;
  const patch = async (id: string, content: Json, branch?: string, more = {}): Promise<Commit> =>
    (await vault.writer.patch(vault.caller, dataset.id, id, { content, ...more }, { branch })).commit;
  const drop = async (id: string, branch?: string): Promise<Commit> =>
    (await vault.writer.remove(vault.caller, dataset.id, id, { branch })).commit;
  const fork = (name: string, from?: string) => vault.naming.create(vault.caller, dataset.id, name, from);
  const merge = (from: string, ask: Partial<AskMerge> = {}): Promise<Merge> =>
    vault.merging.merge(vault.caller, dataset.id, from, { ...PLAIN, ...ask });
  const all = async (ref?: string): Promise<Record<string, Json>> => {
    const { items } = await vault.records.list(vault.caller, dataset.id, { ref, limit: 100 });
    return Object.fromEntries(items.map(({ row, content }) => [row.recordId, JSON.parse(content) as Json]));
  };
  const headOf = async (ref?: string): Promise<Commit> =>
    (await vault.records.snapshot(vault.caller, dataset.id, ref)).commit;
  const conflicts = async (asked: Promise<unknown>): Promise<unknown> => {
    const error = (await asked.catch((each: unknown) => each)) as { code: string; issues: { pointer: string }[] };
    expect(error.code).toBe('merge-conflict');
    return error.issues.map(({ pointer }) => pointer);
  };

  it('takes in what the other side did, beside what was done here', async () => {
    const [a, b, c] = [await create({ a: 1, x: 1 }), await create('b'), await create('c')];
    await fork('side');
    await patch(a, { a: 2 }, 'side');
    await drop(b, 'side');
    const d = await create({ mail: 'ann@example.org' }, 'side');
    const ours = await patch(a, { x: 2 });
    const e = await create('e');
    const { commit, changes } = await merge('side', { message: 'Take it in' });
    const side = await headOf('side');
    expect(commit).toMatchObject({ message: 'Take it in', changes: { added: 1, changed: 1, removed: 1 } });
    expect(commit!.parentIds.slice(1)).toEqual([side.id]);
    expect(changes).toBe(3);
    expect(await all()).toEqual({ [a]: { a: 2, x: 2 }, [c]: 'c', [d]: { mail: 'ann@example.org' }, [e]: 'e' });
    expect((await headOf()).statistics).toMatchObject({ records: 4, findingsByType: { EMAIL_ADDRESS: 1 } });
    expect(await vault.records.findings(vault.caller, dataset.id, d)).toHaveLength(1);
    expect(await all(showId('cm', ours.id))).toEqual({ [a]: { a: 1, x: 2 }, [b]: 'b', [c]: 'c' });
    expect((await merge('side')).commit).toBeNull();
    // Merged once, it is what the next merge goes on from.
    await patch(d, 'd', 'side');
    expect((await merge('side')).changes).toBe(1);
    expect((await merge('main', { branch: 'side' })).conflicts).toEqual([]);
    expect(await all('side')).toEqual(await all());
  });

  it('lists conflicts by record and field, and shows no value', async () => {
    const [a, b, c] = [await create({ t: 'one', n: { x: 1 } }), await create('b'), await create('c')];
    await fork('side');
    await patch(a, { t: 'secret one', n: { x: 2 } }, 'side');
    await patch(a, { t: 'secret two', n: { x: 3 } });
    await drop(b, 'side');
    await patch(b, 'B');
    await drop(c, 'side');
    await drop(c);
    const expected = [`/${showId('rec', a)}/content/t`, `/${showId('rec', a)}/content/n/x`, `/${showId('rec', b)}`];
    expect(await conflicts(merge('side'))).toEqual(expected);
    expect(JSON.stringify(await merge('side').catch((error: unknown) => error))).not.toContain('secret');
    const dry = await merge('side', { dryRun: true });
    expect(dry.conflicts.map(({ path, reason }) => [path, reason])).toEqual([
      ['/content/t', 'changed'],
      ['/content/n/x', 'changed'],
      ['', 'removed'],
    ]);
    expect(await conflicts(merge('side', { resolutions: [{ recordId: b, take: 'ours' }] }))).toEqual(
      expected.slice(0, 2),
    );
    const resolutions = [
      { recordId: a, body: { content: 'by hand', labels: ['merged'] } },
      { recordId: b, take: 'theirs' as const },
    ];
    await merge('side', { resolutions });
    expect(await all()).toEqual({ [a]: 'by hand' });
  });

  it.each(['ours', 'theirs'] as const)(
    'takes %s where both changed the same, and both where they did not',
    async (strategy) => {
      const a = await create({ t: 'one', left: 0, right: 0 });
      await fork('side');
      await patch(a, { t: 'theirs', right: 1 }, 'side');
      await patch(a, { t: 'ours', left: 1 });
      await merge('side', { strategy });
      expect(await all()).toEqual({ [a]: { t: strategy, left: 1, right: 1 } });
    },
  );

  it('gives no external id to two records', async () => {
    await fork('side');
    const a = await create('a', 'side', { externalId: 'x' });
    await create('b', undefined, { externalId: 'x' });
    expect(await conflicts(merge('side'))).toEqual([`/${showId('rec', a)}/external_id`]);
    await merge('side', { dryRun: true });
    const b = await create('c', 'side', { externalId: 'y' });
    await patch(a, {}, 'side', { externalId: null });
    await merge('side');
    expect((await vault.records.get(vault.caller, dataset.id, b)).row.externalId).toBe('y');
  });

  it('takes single commits back, and over to other branches', async () => {
    const a = await create({ x: 1, y: 1 });
    await fork('side');
    const first = await patch(a, { x: 2 });
    await patch(a, { y: 2 });
    const { caller, merging } = vault;
    const reverted = await merging.revert(caller, dataset.id, showId('cm', first.id), PLAIN);
    expect(await all()).toEqual({ [a]: { x: 1, y: 2 } });
    expect(reverted.commit).toMatchObject({ message: `Revert ${showId('cm', first.id)}` });
    expect(reverted.commit!.parentIds).toHaveLength(1);
    await merging.cherryPick(caller, dataset.id, showId('cm', first.id), { ...PLAIN, branch: 'side' });
    expect(await all('side')).toEqual({ [a]: { x: 2, y: 1 } });
    const gone = await drop(a);
    await merging.revert(caller, dataset.id, showId('cm', gone.id), PLAIN);
    expect(await all()).toEqual({ [a]: { x: 1, y: 2 } });
    await patch(a, { x: 9 });
    expect(await conflicts(merging.cherryPick(caller, dataset.id, showId('cm', first.id), PLAIN))).toEqual([
      `/${showId('rec', a)}/content/x`,
    ]);
    const { items } = await vault.history.list(caller, dataset.id, { limit: 100 });
    const root = merging.revert(caller, dataset.id, showId('cm', items.at(-1)!.id), PLAIN);
    await expect(root).rejects.toMatchObject({ code: 'commit-has-no-parent' });
  });

  it('goes on from another commit after a reset, and the way before stays where it was', async () => {
    const a = await create('a');
    const { id: good } = await headOf();
    const bad = await drop(a);
    await vault.naming.reset(vault.caller, dataset.id, 'main', showId('cm', good));
    expect(await all()).toEqual({ [a]: 'a' });
    const next = await patch(a, 'A');
    expect(next.parentIds).toEqual([good]);
    expect([await all(), await all(showId('cm', bad.id)), await all(showId('cm', good))]).toEqual([
      { [a]: 'A' },
      {},
      { [a]: 'a' },
    ]);
    const { items } = await vault.history.list(vault.caller, dataset.id, { ref: 'main', limit: 10 });
    expect(items.map(({ id }) => id).slice(0, 2)).toEqual([next.id, good]);
  });

  it('is all that a protected branch takes', async () => {
    const a = await create('a');
    const commit = await headOf();
    await fork('side');
    await patch(a, 'A', 'side');
    await vault.naming.protect(vault.caller, dataset.id, 'main', { isProtected: true });
    const refused = { code: 'branch-protected' };
    await expect(create('b')).rejects.toMatchObject(refused);
    await expect(drop(a)).rejects.toMatchObject(refused);
    const { caller, naming, merging } = vault;
    await expect(naming.reset(caller, dataset.id, 'main', 'side')).rejects.toMatchObject(refused);
    await expect(merging.revert(caller, dataset.id, showId('cm', commit.id), PLAIN)).rejects.toMatchObject(refused);
    const branch = await naming.get(caller, dataset.id, 'main');
    const staged = await vault.database.inTenant(caller.tenantId, () => vault.commits.stage(caller, branch, 'Import'));
    const { MerkleTree } = await import('#crypto');
    const publishing = vault.commits.publish(
      staged,
      { statistics: commit.statistics!, leaves: new MerkleTree(), schemaVersion: 0 },
      async () => undefined,
    );
    await expect(publishing).rejects.toMatchObject(refused);
    await merge('side');
    expect(await all()).toEqual({ [a]: 'A' });
    await naming.protect(caller, dataset.id, 'main', { isProtected: false });
    await create('b');
  });

  it('loses no update of four writers, and invents none', async () => {
    const step = fc.record({
      kind: fc.constantFrom('create', 'add', 'add', 'add', 'drop', 'merge'),
      record: fc.nat(),
      by: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 3, maxLength: 6 }), { minLength: 4, maxLength: 4 }),
        async (writers) => {
          dataset = await vault.creating.create(vault.caller, { name: newId() });
          const shared = [await create({}), await create({}), await create({})];
          const model = new Map<string, Record<string, number> | null>(shared.map((id) => [id, {}]));
          const write = async (steps: (typeof writers)[0], writer: number): Promise<void> => {
            const name = `writer-${writer}`;
            await fork(name);
            const own: string[] = [];
            for (const [n, { kind, record, by }] of steps.entries()) {
              const id = shared[record % shared.length]!;
              if (kind === 'create') {
                own.push(await create({ [name]: by }, name));
                model.set(own.at(-1)!, { [name]: by });
              } else if (kind === 'drop' && own.length > 0) {
                const gone = own.pop()!;
                await drop(gone, name);
                model.set(gone, null);
              } else if (kind === 'merge') {
                await merge(name);
              } else {
                // Each on its branch or on the one they share, into fields of its own: there is nothing to conflict.
                const field = `${name}-${n}`;
                await patch(id, { [field]: by }, n % 2 === 0 ? name : undefined);
                model.set(id, { ...model.get(id), [field]: by });
              }
            }
            await merge(name);
          };
          await Promise.all(writers.map(write));
          for (let writer = 0; writer < writers.length; writer += 1) await merge(`writer-${writer}`);
          const expected = [...model].filter(([, content]) => content !== null);
          expect(await all()).toEqual(Object.fromEntries(expected));
          expect((await headOf()).statistics).toMatchObject({ records: expected.length });
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
