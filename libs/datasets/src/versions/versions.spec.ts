import fc from 'fast-check';
import { newId, showId } from '#kernel';
import { programs } from '../../../../test/support/test-database.ts';
import type { Commit } from '../commit.entity.ts';
import type { Dataset } from '../dataset.entity.ts';
import { openDatasets, type OpenedDatasets } from '../opened-datasets.contract.ts';
import { subtractStatistics } from '../statistics.ts';
import type { Json } from '../writes/merge-patch.ts';
import type { Written } from '../writes/write.ts';

describe.each(programs)('versions on %s', (program) => {
  let vault: OpenedDatasets;
  let dataset: Dataset;
  beforeAll(async () => {
    vault = await openDatasets(program);
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    dataset = await vault.creating.create(vault.caller, { name: newId() });
  });

  const create = (content: Json, branch?: string, more = {}): Promise<Written> =>
    vault.writer.create(vault.caller, dataset.id, { content, ...more }, { branch });
  const put = (id: string, content: Json, branch?: string): Promise<Written> =>
    vault.writer.replace(vault.caller, dataset.id, id, { content }, { branch });
  const drop = (id: string, branch?: string): Promise<Written> =>
    vault.writer.remove(vault.caller, dataset.id, id, { branch });
  const fork = (name: string, from?: string) => vault.naming.create(vault.caller, dataset.id, name, from);
  const all = async (ref?: string): Promise<Record<string, Json>> => {
    const { items } = await vault.records.list(vault.caller, dataset.id, { ref, limit: 100 });
    return Object.fromEntries(items.map(({ row, content }) => [row.recordId, JSON.parse(content) as Json]));
  };
  const headOf = async (ref?: string): Promise<Commit> =>
    (await vault.records.snapshot(vault.caller, dataset.id, ref)).commit;
  const diff = async (from: string, to?: string) =>
    (await vault.differences.page(vault.caller, dataset.id, { from, to, limit: 100 })).items;
  const shown = (commit: Commit): string => showId('cm', commit.id);

  describe('a branch', () => {
    it('begins as what it was made from, and goes its own way', async () => {
      const [a, b] = [await create('a'), await create('b')];
      await fork('side');
      expect(await all('side')).toEqual({ [a.recordId]: 'a', [b.recordId]: 'b' });
      expect(await headOf('side')).toMatchObject({ id: b.commit.id });
      const rows = 'SELECT count(*) AS n FROM record_versions WHERE dataset_id = $1';
      const count = (): Promise<{ n: number }[]> =>
        vault.database.inTenant(vault.caller.tenantId, () => vault.database.query(rows, [dataset.id]));
      expect(await count()).toEqual([{ n: 2 }]);
      await put(a.recordId, 'A', 'side');
      await drop(b.recordId, 'side');
      const c = await create('c', 'side');
      const d = await create('d');
      expect(await all('side')).toEqual({ [a.recordId]: 'A', [c.recordId]: 'c' });
      expect(await all()).toEqual({ [a.recordId]: 'a', [b.recordId]: 'b', [d.recordId]: 'd' });
      expect((await headOf('side')).statistics).toMatchObject({ records: 2 });
      const { items } = await vault.records.history(vault.caller, dataset.id, b.recordId, { ref: 'side', limit: 10 });
      expect(items.map(({ change }) => change)).toEqual(['removed', 'added']);
    });

    it('is begun from a branch that has nothing of its own, as deep as there is history and not more', async () => {
      await create('a');
      for (let i = 0; i < 20; i += 1)
        await fork(`level ${i}`.replace(' ', '-'), i === 0 ? undefined : `level-${i - 1}`);
      expect(await vault.naming.get(vault.caller, dataset.id, 'level-19')).toMatchObject({ base: [{ visible: 1 }] });
      for (let i = 0; i < 15; i += 1) {
        await fork(`deep-${i}`, i === 0 ? undefined : `deep-${i - 1}`);
        await create(i, `deep-${i}`);
      }
      expect(Object.values(await all('deep-14'))).toEqual(['a', ...Array.from({ length: 15 }, (_, i) => i)]);
      await expect(fork('deepest', 'deep-14')).rejects.toMatchObject({ code: 'branch-too-deep' });
    });

    it('takes imports, and shows what it stands on beside them', async () => {
      await create('a');
      await fork('side');
      const branch = (await vault.naming.get(vault.caller, dataset.id, 'side'))!;
      const staged = await vault.database.inTenant(vault.caller.tenantId, () =>
        vault.commits.stage(vault.caller, branch, 'Empty'),
      );
      const { statistics } = await headOf();
      const nothing = subtractStatistics(structuredClone(statistics!), statistics!);
      const { MerkleTree } = await import('#crypto');
      const what = { statistics: nothing, leaves: new MerkleTree(), schemaVersion: 0 };
      await vault.commits.publish(staged, what, async () => undefined);
      expect(await headOf('side')).toMatchObject({ message: 'Empty', visibleSeq: 1, statistics: { records: 1 } });
      expect(Object.values(await all('side'))).toEqual(['a']);
    });

    it('is given up without what stands on it, and its name is free again', async () => {
      await fork('one');
      const a = await create('a', 'one');
      await fork('two', 'one');
      await vault.naming.remove(vault.caller, dataset.id, 'one');
      expect(Object.values(await all('two'))).toEqual(['a']);
      expect(Object.values(await all(shown(a.commit)))).toEqual(['a']);
      await expect(all('one')).rejects.toMatchObject({ code: 'ref-not-found' });
      await expect(create('b', 'one')).rejects.toMatchObject({ code: 'ref-not-found' });
      await fork('one');
      expect(await all('one')).toEqual({});
      await expect(vault.naming.remove(vault.caller, dataset.id, 'main')).rejects.toMatchObject({
        code: 'branch-is-default',
      });
    });

    it('has a history of its own and of what it stands on', async () => {
      const a = await create('a');
      await fork('side');
      const [b, c] = [await create('b', 'side'), await create('c')];
      const messages = async (ref?: string): Promise<string[]> =>
        (await vault.history.list(vault.caller, dataset.id, { ref, limit: 10 })).items.map(({ id }) => id);
      const [root] = (await messages('side')).slice(-1);
      expect(await messages('side')).toEqual([b.commit.id, a.commit.id, root]);
      expect(await messages('main')).toEqual([c.commit.id, a.commit.id, root]);
      expect(await messages()).toHaveLength(4);
      const at = `@${a.commit.publishedAt!.toISOString()}`;
      expect((await headOf(at)).id).toBe(a.commit.id);
    });

    it('shares no name with another branch or a tag', async () => {
      await fork('one');
      await vault.tagging.create(vault.caller, dataset.id, { name: 'v1' });
      for (const name of ['one', 'v1', 'main']) {
        await expect(fork(name)).rejects.toMatchObject({ code: 'ref-name-taken' });
        const tag = vault.tagging.create(vault.caller, dataset.id, { name });
        await expect(tag).rejects.toMatchObject({ code: 'ref-name-taken' });
      }
      expect((await vault.naming.list(vault.caller, dataset.id, 10)).items.map(({ name }) => name)).toEqual([
        'main',
        'one',
      ]);
    });

    it('has external ids of its own, and those of what it stands on', async () => {
      const a = await create('a', undefined, { externalId: 'x' });
      await fork('side');
      await expect(create('b', 'side', { externalId: 'x' })).rejects.toMatchObject({ code: 'external-id-taken' });
      await drop(a.recordId, 'side');
      await create('b', 'side', { externalId: 'x' });
      await expect(create('c', undefined, { externalId: 'x' })).rejects.toMatchObject({ code: 'external-id-taken' });
    });
  });

  it('a tag stays where it is, and is a ref like any other', async () => {
    await create('a');
    await vault.tagging.create(vault.caller, dataset.id, { name: 'v1', message: 'First' });
    await create('b');
    expect(Object.values(await all('v1'))).toEqual(['a']);
    await vault.tagging.remove(vault.caller, dataset.id, 'v1');
    await expect(all('v1')).rejects.toMatchObject({ code: 'ref-not-found' });
    await expect(vault.tagging.remove(vault.caller, dataset.id, 'v1')).rejects.toMatchObject({
      code: 'tag-not-found',
    });
  });

  describe('a difference', () => {
    it('tells which records came, went and changed, and where', async () => {
      const [a, b] = [await create({ text: 'a', n: 1 }), await create('b')];
      await fork('side');
      await vault.writer.patch(
        vault.caller,
        dataset.id,
        a.recordId,
        { content: { n: 2, m: 0 }, labels: ['x'] },
        { branch: 'side' },
      );
      await drop(b.recordId, 'side');
      const c = await create('c', 'side');
      const items = await diff('main', 'side');
      expect(items.map(({ recordId, change, fields }) => [recordId, change, fields.map(({ path }) => path)])).toEqual([
        [a.recordId, 'changed', ['/content/n', '/content/m', '/labels']],
        [b.recordId, 'removed', []],
        [c.recordId, 'added', []],
      ]);
      expect((await diff('side', 'main')).map(({ change }) => change)).toEqual(['changed', 'added', 'removed']);
      const ask = { from: 'main', to: 'side' };
      expect(await vault.differences.count(vault.caller, dataset.id, ask)).toEqual({
        added: 1,
        changed: 1,
        removed: 1,
      });
      const first = await vault.differences.page(vault.caller, dataset.id, { ...ask, limit: 2 });
      const rest = await vault.differences.page(vault.caller, dataset.id, {
        ...ask,
        limit: 2,
        cursor: first.nextCursor!,
      });
      expect([...first.items, ...rest.items]).toEqual(items);
      expect(rest.nextCursor).toBeNull();
    });

    it('is none where something was made and taken away again', async () => {
      const before = await headOf();
      const { recordId } = await create('a');
      await drop(recordId);
      expect(await diff(shown(before), 'main')).toEqual([]);
    });
  });

  it('invariant 7: shows every commit as a model of it says, and the difference of any two', async () => {
    interface Known {
      commit: Commit;
      records: Map<string, Json>;
    }
    const step = fc.record({
      kind: fc.constantFrom('create', 'create', 'put', 'put', 'drop', 'fork'),
      branch: fc.nat(),
      record: fc.nat(),
      from: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 16 }), async (steps) => {
        dataset = await vault.creating.create(vault.caller, { name: newId() });
        const known: Known[] = [{ commit: await headOf(), records: new Map() }];
        const branches = new Map<string, Known>([['main', known[0]!]]);
        for (const [n, { kind, branch, record, from }] of steps.entries()) {
          const name = [...branches.keys()][branch % branches.size]!;
          const { records } = branches.get(name)!;
          const id = [...records.keys()][record % Math.max(1, records.size)];
          if (kind === 'fork') {
            const begun = known[from % known.length]!;
            await fork(`branch-${n}`, shown(begun.commit));
            branches.set(`branch-${n}`, begun);
            continue;
          }
          const next = new Map(records);
          let written: Written;
          if (kind === 'create' || !id) {
            written = await create(n, name);
            next.set(written.recordId, n);
          } else if (kind === 'put') {
            written = await put(id, n, name);
            next.set(id, n);
          } else {
            written = await drop(id, name);
            next.delete(id);
          }
          const made = { commit: written.commit, records: next };
          known.push(made);
          branches.set(name, made);
        }
        for (const [name, { records }] of branches) expect(await all(name)).toEqual(Object.fromEntries(records));
        for (const { commit, records } of known) {
          expect(await all(shown(commit))).toEqual(Object.fromEntries(records));
          expect(commit.statistics).toMatchObject({ records: records.size });
          const other = known[(commit.id.charCodeAt(30) + known.length) % known.length]!;
          const expected = [...new Set([...records.keys(), ...other.records.keys()])]
            .filter((id) => records.get(id) !== other.records.get(id))
            .sort();
          expect((await diff(shown(commit), shown(other.commit))).map(({ recordId }) => recordId)).toEqual(expected);
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });
});
