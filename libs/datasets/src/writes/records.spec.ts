import { AuditEvent } from '#audit';
import { MerkleTree } from '#crypto';
import { newId, showId } from '#kernel';
import { programs } from '../../../../test/support/test-database.ts';
import { openDatasets, type OpenedDatasets } from '../opened-datasets.contract.ts';
import type { Dataset } from '../dataset.entity.ts';
import { removalLeaf } from '../commit-row.ts';
import { ChangeRepository } from './change.repository.ts';
import type { Json } from './merge-patch.ts';
import type { RecordBody } from './record.body.ts';
import { etagOf, type Written } from './write.ts';

describe.each(programs)('records on %s', (program) => {
  let vault: OpenedDatasets;
  let dataset: Dataset;
  beforeAll(async () => {
    vault = await openDatasets(program);
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    dataset = await vault.creating.create(vault.caller, { name: newId() });
  });

  const create = (body: Partial<RecordBody> = {}, message?: string): Promise<Written> =>
    vault.writer.create(vault.caller, dataset.id, { content: { text: 'plain' }, ...body }, { message });
  const content = async (id: string, ref?: string): Promise<Json> =>
    JSON.parse((await vault.records.get(vault.caller, dataset.id, id, { ref })).content) as Json;
  const ids = async (filter: Parameters<typeof vault.records.list>[2]['filter'], ref?: string): Promise<string[]> =>
    (await vault.records.list(vault.caller, dataset.id, { limit: 100, filter, ref })).items.map(
      ({ row }) => row.recordId,
    );
  const stats = async (): Promise<unknown> =>
    (await vault.records.snapshot(vault.caller, dataset.id)).commit.statistics;
  const query = <R>(sql: string, parameters: unknown[] = []): Promise<R[]> =>
    vault.database.inTenant(vault.caller.tenantId, () => vault.database.query<R>(sql, parameters));

  describe('a record', () => {
    it('is created by a commit with its author and message, and read back', async () => {
      const { recordId, commit } = await create({ content: { a: [1, 'two'] } }, 'Add one');
      expect(await content(recordId)).toEqual({ a: [1, 'two'] });
      expect(commit).toMatchObject({
        message: 'Add one',
        authorId: vault.caller.id,
        changes: { added: 1, changed: 0, removed: 0 },
      });
      const { commit: head } = await vault.records.snapshot(vault.caller, dataset.id);
      expect([head.id, head.hash]).toEqual([commit.id, commit.hash]);
    });

    it('is hashed where a gate has to know what it says, from the moment on in which one has', async () => {
      const sealed: (Uint8Array | null | undefined)[] = [];
      const insert = jest.spyOn(ChangeRepository.prototype, 'insertVersions');
      insert.mockClear();
      const same = (): Promise<Written> => create({ content: { text: 'the same' } });
      await same();
      await same();
      const gate = { branches: ['*'], pii: [], fields: [], licenses: null, duplicates: 'exact' };
      await query('UPDATE datasets SET gates = $2 WHERE id = $1', [dataset.id, JSON.stringify([gate])]);
      await create({ content: { text: 'another' } });
      await expect(create({ content: { text: 'another' } })).rejects.toMatchObject({ code: 'gate-failed' });
      for (const [, versions] of insert.mock.calls) sealed.push(...versions.map(({ next }) => next?.hash));
      insert.mockRestore();
      expect(sealed).toEqual([null, null, expect.any(Uint8Array)]);
    });

    it('is replaced, patched and removed, and every state of it can still be read', async () => {
      const made = await create({ content: { text: 'one', keep: true } });
      const id = made.recordId;
      const replaced = await vault.writer.replace(
        vault.caller,
        dataset.id,
        id,
        { content: { text: 'two', keep: 1 } },
        {},
      );
      const patched = await vault.writer.patch(vault.caller, dataset.id, id, { content: { text: null, more: [] } }, {});
      const removed = await vault.writer.remove(vault.caller, dataset.id, id, {});
      const at = ({ commit }: Written): Promise<Json> => content(id, showId('cm', commit.id));
      expect(await at(made)).toEqual({ text: 'one', keep: true });
      expect(await at(replaced)).toEqual({ text: 'two', keep: 1 });
      expect(await at(patched)).toEqual({ keep: 1, more: [] });
      await expect(at(removed)).rejects.toMatchObject({ code: 'record-not-found' });
      await expect(content(id)).rejects.toMatchObject({ code: 'record-not-found' });
      const { items } = await vault.records.history(vault.caller, dataset.id, id, { limit: 10 });
      expect(items.map(({ change, commitId }) => [change, commitId])).toEqual([
        ['removed', removed.commit.id],
        ['changed', patched.commit.id],
        ['changed', replaced.commit.id],
        ['added', made.commit.id],
      ]);
      const first = await vault.records.history(vault.caller, dataset.id, id, { limit: 3 });
      const rest = await vault.records.history(vault.caller, dataset.id, id, { limit: 3, cursor: first.nextCursor! });
      expect([...first.items, ...rest.items]).toEqual(items);
      expect(rest.nextCursor).toBeNull();
    });

    it('is changed only from the version that is named', async () => {
      const made = await create();
      const id = made.recordId;
      const ifMatch = [etagOf(made.version!)];
      const once = await vault.writer.replace(vault.caller, dataset.id, id, { content: 1 }, { ifMatch });
      const again = { code: 'record-changed', kind: 'precondition-failed' };
      await expect(
        vault.writer.replace(vault.caller, dataset.id, id, { content: 2 }, { ifMatch }),
      ).rejects.toMatchObject(again);
      await expect(vault.writer.patch(vault.caller, dataset.id, id, { content: 2 }, { ifMatch })).rejects.toMatchObject(
        again,
      );
      await expect(vault.writer.remove(vault.caller, dataset.id, id, { ifMatch })).rejects.toMatchObject(again);
      await vault.writer.remove(vault.caller, dataset.id, id, { ifMatch: [...ifMatch, etagOf(once.version!)] });
      await expect(content(id)).rejects.toMatchObject({ code: 'record-not-found' });
    });

    it('keeps every patch of many that are made at once', async () => {
      const { recordId } = await create({ content: {} });
      const names = Array.from({ length: 4 }, (_, n) => `field ${n}`);
      await Promise.all(
        names.map((name) => vault.writer.patch(vault.caller, dataset.id, recordId, { content: { [name]: 1 } }, {})),
      );
      expect(Object.keys((await content(recordId)) as object).sort()).toEqual(names);
    });

    it.each(['replace', 'patch', 'remove'] as const)('that is not there cannot be changed: %s', async (verb) => {
      const { caller, writer } = vault;
      const asked =
        verb === 'remove'
          ? writer.remove(caller, dataset.id, newId(), {})
          : writer[verb](caller, dataset.id, newId(), { content: 1 }, {});
      await expect(asked).rejects.toMatchObject({ code: 'record-not-found' });
    });

    it('goes to a branch that is there, and nowhere else', async () => {
      const body = { content: 1 };
      await expect(vault.writer.create(vault.caller, newId(), body, {})).rejects.toMatchObject({
        code: 'dataset-not-found',
      });
      const nowhere = vault.writer.create(vault.caller, dataset.id, body, { branch: 'nowhere' });
      await expect(nowhere).rejects.toMatchObject({ code: 'ref-not-found' });
      const keys: string[] = [];
      for await (const { key } of vault.blobs.list('')) keys.push(key);
      const known = await query<{ id: string }>('SELECT id FROM segments');
      expect(keys.sort()).toEqual(known.map(({ id }) => id).sort());
    });

    it('is refused when it is nested deeper than anybody writes', async () => {
      let deep: Json = 1;
      for (let i = 0; i < 70; i += 1) deep = [deep];
      await expect(create({ content: deep })).rejects.toMatchObject({ code: 'record-invalid' });
    });
  });

  describe('a commit', () => {
    it('is shared by writes that come at once, and each gets its own answer', async () => {
      const taken = await create({ externalId: 'taken' });
      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, n) => create({ content: n, externalId: n === 7 ? 'taken' : `number ${n}` })),
      );
      const written = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(results.map(({ status }, n) => (status === 'rejected' ? n : -1)).filter((n) => n >= 0)).toEqual([7]);
      expect(results[7]).toMatchObject({ reason: { code: 'external-id-taken' } });
      expect(new Set(written.map(({ commit }) => commit.id)).size).toBeLessThan(5);
      for (const { recordId, version } of written)
        expect(`number ${JSON.stringify(await content(recordId))}`).toBe(version!.externalId);
      expect(await stats()).toMatchObject({ records: 40 });
      expect(taken.commit.parentIds).toHaveLength(1);
      const segments = await query<{ n: number }>('SELECT count(*) AS n FROM segments WHERE dataset_id = $1', [
        dataset.id,
      ]);
      expect(segments[0]!.n).toBeLessThan(6);
    });

    it('is of one author with one message', async () => {
      const other = { ...vault.caller, id: newId() };
      const [mine, theirs, third] = await Promise.all([
        create({}, 'Mine'),
        vault.writer.create(other, dataset.id, { content: 1 }, { message: 'Mine' }),
        create({}, 'Also mine'),
      ]);
      expect([mine, theirs, third].map(({ commit }) => [commit.authorId, commit.message])).toEqual([
        [vault.caller.id, 'Mine'],
        [other.id, 'Mine'],
        [vault.caller.id, 'Also mine'],
      ]);
      expect(theirs.commit.parentIds).toEqual([mine.commit.id]);
      expect(third.commit.parentIds).toEqual([theirs.commit.id]);
    });

    it('counts what is there after it, also of what was found', async () => {
      const { recordId } = await create({ content: { mail: 'ann@example.org' } });
      await create({ content: { mail: 'bob@example.org', text: 'and cleo@example.org' } });
      expect(await stats()).toMatchObject({
        records: 2,
        findingsByType: { EMAIL_ADDRESS: 3 },
        recordsByRisk: { medium: 2 },
      });
      await vault.writer.replace(vault.caller, dataset.id, recordId, { content: 'nobody' }, {});
      expect(await stats()).toMatchObject({
        records: 2,
        findingsByType: { EMAIL_ADDRESS: 2 },
        recordsByRisk: { none: 1, medium: 1 },
      });
      await vault.writer.remove(vault.caller, dataset.id, recordId, {});
      expect(await stats()).toMatchObject({ records: 1, recordsByRisk: { medium: 1 } });
      const found = await vault.records.findings(vault.caller, dataset.id, (await ids({}))[0]!);
      expect(found.map(({ type, path }) => [type, path])).toEqual([
        ['EMAIL_ADDRESS', '/mail'],
        ['EMAIL_ADDRESS', '/text'],
      ]);
      expect(found.every(({ subject }) => subject?.length === 16)).toBe(true);
    });

    it('stands on the leaves of what came and what went', async () => {
      const made = await create();
      const { commit } = await vault.writer.remove(vault.caller, dataset.id, made.recordId, {});
      const [came, went] = [new MerkleTree(), new MerkleTree()];
      came.append(made.version!.leaf);
      went.append(removalLeaf(made.recordId));
      expect(made.commit.merkleRoot).toEqual(Buffer.from(came.root()));
      expect(commit.merkleRoot).toEqual(Buffer.from(went.root()));
    });

    it('invariant 4: is told to the audit change by change, or does not happen', async () => {
      const made = await create();
      await vault.writer.remove(vault.caller, dataset.id, made.recordId, {});
      const events = await vault.database.inTenant(vault.caller.tenantId, () =>
        vault.database.repository(AuditEvent).findBy({ resource: showId('rec', made.recordId) }),
      );
      expect(events.map(({ action }) => action).sort()).toEqual(['record.create', 'record.delete']);
      const before = await stats();
      const appendAll = vault.audit.appendAll.bind(vault.audit);
      vault.audit.appendAll = () => Promise.reject(new Error('the audit is full'));
      try {
        await expect(create()).rejects.toThrow('the audit is full');
      } finally {
        vault.audit.appendAll = appendAll;
      }
      expect(await stats()).toEqual(before);
    });
  });

  describe('what is said of a record', () => {
    it('is kept, changed by patches, and filtered by', async () => {
      const rated = async (metadata: Record<string, string | number | boolean>, more: Partial<RecordBody> = {}) =>
        (await create({ metadata, ...more })).recordId;
      const one = await rated(
        { lang: 'de', score: 0.5, ok: true },
        { labels: ['x', 'y'], split: 'train', language: 'de' },
      );
      const two = await rated(
        { lang: 'en', score: 9, day: '2026-01-31' },
        { labels: ['y'], source: 'forum', license: 'CC0' },
      );
      const three = (await create({ externalId: 'row-3' })).recordId;
      const cases: [Parameters<typeof ids>[0], string[]][] = [
        [{}, [one, two, three]],
        [{ label: 'y' }, [one, two]],
        [{ label: 'x', split: 'train', language: 'de' }, [one]],
        [{ source: 'forum', license: 'CC0' }, [two]],
        [{ externalId: 'row-3' }, [three]],
        [{ metadata: { lang: { eq: 'de' } } }, [one]],
        [{ metadata: { lang: { in: ['de', 'en'] }, score: { gt: 1 } } }, [two]],
        [{ metadata: { score: { gte: 0.5, lt: 9 } } }, [one]],
        [{ metadata: { day: { lte: '2026-02-01' } } }, [two]],
        [{ metadata: { score: { gte: '0' } } }, []],
        [{ metadata: { ok: { exists: true } } }, [one]],
        [{ metadata: { ok: { exists: false } } }, [two, three]],
        [{ metadata: { ok: { eq: true }, lang: { in: [] } } }, []],
      ];
      for (const [filter, expected] of cases) expect([filter, await ids(filter)]).toEqual([filter, expected]);
      await vault.writer.patch(
        vault.caller,
        dataset.id,
        one,
        { metadata: { lang: 'fr' }, split: null, labels: ['z'] },
        {},
      );
      expect((await vault.records.get(vault.caller, dataset.id, one)).row).toMatchObject({
        metadata: { lang: 'fr', score: 0.5, ok: true },
        labels: ['z'],
        split: null,
        language: 'de',
      });
    });

    it('finds records by what was found in them', async () => {
      const { recordId } = await create({ content: 'ann@example.org' });
      await create();
      expect(await ids({ piiType: 'EMAIL_ADDRESS' })).toEqual([recordId]);
      expect(await ids({ minRisk: 2 })).toEqual([recordId]);
    });

    it('is refused when it holds personal data, which is told by its place alone', async () => {
      const metadata = { owner: 'mara.lindqvist@example.org', lang: 'de' };
      const refused = await create({ metadata }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'metadata-personal', issues: [{ pointer: '/metadata/owner' }] });
      expect(JSON.stringify(refused)).not.toContain('lindqvist');
      expect(await stats()).toMatchObject({ records: 0 });
    });

    it('gives a name to one record at a time', async () => {
      const first = await create({ externalId: 'a' });
      await expect(create({ externalId: 'a' })).rejects.toMatchObject({ code: 'external-id-taken' });
      await vault.writer.replace(vault.caller, dataset.id, first.recordId, { content: 1, externalId: 'a' }, {});
      await vault.writer.patch(vault.caller, dataset.id, first.recordId, { externalId: 'b' }, {});
      await create({ externalId: 'a' });
      const racing = await Promise.allSettled([create({ externalId: 'c' }), create({ externalId: 'c' })]);
      expect(racing.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });

  describe('a batch', () => {
    it('is one commit of what can be done, with an answer for each item', async () => {
      const [one, two] = [(await create()).recordId, (await create()).recordId];
      const outcomes = await vault.writer.batch(
        vault.caller,
        dataset.id,
        [
          { op: 'create', body: { content: 'new' } },
          { op: 'replace', recordId: newId(), body: { content: 1 } },
          { op: 'patch', recordId: one, patch: { content: { text: 'patched' } } },
          { op: 'delete', recordId: two },
          { op: 'delete', recordId: two },
          { op: 'create', body: { content: 1, metadata: { mail: 'ann@example.org' } } },
          { op: 'delete', recordId: one, ifMatch: ['"else"'] },
        ],
        { message: 'Several' },
      );
      expect(outcomes.map((each) => ('code' in each ? each.code : each.commit.message))).toEqual([
        'Several',
        'record-not-found',
        'Several',
        'Several',
        'record-twice',
        'metadata-personal',
        'record-twice',
      ]);
      const commits = new Set(outcomes.flatMap((each) => ('commit' in each ? [each.commit.id] : [])));
      expect(commits.size).toBe(1);
      expect(await content(one)).toEqual({ text: 'patched' });
      expect(await stats()).toMatchObject({ records: 2 });
    });

    it('that can do nothing makes no commit', async () => {
      const { commit } = await vault.records.snapshot(vault.caller, dataset.id);
      await vault.writer.batch(vault.caller, dataset.id, [{ op: 'delete', recordId: newId() }], {});
      expect((await vault.records.snapshot(vault.caller, dataset.id)).commit.id).toBe(commit.id);
    });

    it('may be larger than a segment', async () => {
      const long = 'word '.repeat(400_000);
      const items = Array.from({ length: 5 }, (_, n) => ({ op: 'create' as const, body: { content: [n, long] } }));
      await vault.writer.batch(vault.caller, dataset.id, items, {});
      for (const [n, id] of (await ids({})).entries()) expect(await content(id)).toEqual([n, long]);
    });
  });
});
