import fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import { Audit, AuditEvent } from '#audit';
import { UserRepository } from '#auth';
import { MerkleTree } from '#crypto';
import type { Database } from '#database';
import { newId, type Principal, showId, toCursor } from '#kernel';
import { Outbox, OutboxEvent } from '#queue';
import { openGatekeeper } from '../../../test/support/gatekeeper.ts';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import type { Branch } from './branch.entity.ts';
import { BranchRepository } from './branch.repository.ts';
import type { Commit } from './commit.entity.ts';
import { CommitWriter, type StagedCommit } from './commit.writer.ts';
import { commitFlaw } from './commit-flaw.ts';
import { commitHash } from './commit-hash.ts';
import type { Dataset } from './dataset.entity.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { DatasetsService } from './datasets.service.ts';
import { layersOf } from './layers.ts';
import { RecordRepository } from './record.repository.ts';
import { RecordVersion } from './record-version.entity.ts';
import { Refs } from './refs.ts';
import { CommitsService } from './versions/commits.service.ts';
import { TagRepository } from './tag.repository.ts';
import { SchemaRepository } from './schemas/schema.repository.ts';
import { emptyStatistics } from './statistics.ts';
import { openJudge, roomEntities } from './opened-datasets.contract.ts';

const nothing = async (): Promise<void> => undefined;

describe.each(programs)('commits on %s', (program) => {
  let place: TestDatabase;
  let database: Database;
  let repository: DatasetRepository;
  let records: RecordRepository;
  let service: DatasetsService;
  let writer: CommitWriter;
  let refs: Refs;
  let history: CommitsService;
  const caller: Principal = { id: newId(), tenantId: newId(), permissions: new Set(['dataset:read']) };
  const stranger: Principal = { ...caller, id: newId(), tenantId: newId() };

  beforeAll(async () => {
    place = await openTestDatabase(program, roomEntities);
    database = place.database;
    repository = new DatasetRepository(database);
    records = new RecordRepository(database);
    const [audit, outbox] = [new Audit(database), new Outbox(database)];
    service = new DatasetsService(
      database,
      repository,
      audit,
      outbox,
      openGatekeeper(database),
      new SchemaRepository(database),
    );
    writer = new CommitWriter(database, repository, audit, outbox, openJudge(database));
    refs = new Refs(repository, new BranchRepository(database), new TagRepository(database));
    history = new CommitsService(database, repository, refs);
    for (const { tenantId } of [caller, stranger]) {
      await database.inTenant(tenantId, () =>
        new UserRepository(database).insertTenant({ id: tenantId, slug: tenantId, name: 'One' }),
      );
    }
  });
  afterAll(() => place.close());

  const inTenant = <T>(work: () => Promise<T>): Promise<T> => database.inTenant(caller.tenantId, work);
  const create = (): Promise<Dataset> => service.create(caller, { name: newId() });
  const main = (dataset: Dataset): Promise<Branch> =>
    inTenant(async () => (await repository.findBranch(dataset.id, 'main'))!);
  const head = (dataset: Dataset): Promise<Commit> =>
    inTenant(async () => (await refs.resolve(dataset.id, undefined)).commit);
  const stage = async (dataset: Dataset, message = 'Import'): Promise<StagedCommit> => {
    const branch = await main(dataset);
    return inTenant(() => writer.stage(caller, branch, message));
  };
  const added = (count: number): Parameters<CommitWriter['publish']>[1] => {
    const leaves = new MerkleTree();
    for (let i = 0; i < count; i += 1) leaves.append(Buffer.alloc(32, i));
    return { statistics: { ...emptyStatistics(), records: count }, leaves, schemaVersion: 0 };
  };
  const events = (action: string, dataset: Dataset): Promise<AuditEvent[]> =>
    inTenant(() => database.repository(AuditEvent).findBy({ action, resource: showId('ds', dataset.id) }));

  /** A row of a record under a seq, as an import would stage it; what it points at does not matter here. */
  const addRecord = ({ datasetId, branchId, seq }: StagedCommit, recordId: string): Promise<unknown> =>
    inTenant(() =>
      database.repository(RecordVersion).insert({
        tenantId: caller.tenantId,
        datasetId,
        branchId,
        recordId,
        fromSeq: seq,
        toSeq: null,
        segmentId: newId(),
        block: 0,
        position: 0,
        bytes: 1,
        risk: 0,
        leaf: Buffer.alloc(32),
      }),
    );
  const visible = async (commit: Commit): Promise<string[]> =>
    (await inTenant(() => records.page(layersOf(commit, []), 1000, null))).map(({ recordId }) => recordId);

  describe('a new dataset', () => {
    it('has a branch with an empty commit, and is told to the audit and the outbox with it', async () => {
      const dataset = await create();
      const first = await head(dataset);
      expect(dataset).toMatchObject({ defaultBranch: 'main', version: 1, description: '', createdBy: caller.id });
      expect(first).toMatchObject({
        seq: 0,
        state: 'published',
        visibleSeq: 0,
        hiddenSeqs: [],
        parentIds: [],
        statistics: emptyStatistics(),
      });
      expect(first.merkleRoot).toEqual(Buffer.from(new MerkleTree().root()));
      expect(await events('dataset.create', dataset)).toHaveLength(1);
      const told = await inTenant(() => database.repository(OutboxEvent).findBy({ topic: 'dataset.created' }));
      expect(told.map(({ payload }) => payload['dataset_id'])).toContain(showId('ds', dataset.id));
    });

    it('takes a name once in its tenant, and leaves nothing when it is taken', async () => {
      const name = `twice ${newId()}`;
      await service.create(caller, { name });
      const before = (await service.list(caller, 1, undefined, true)).total;
      await expect(service.create(caller, { name })).rejects.toMatchObject({ code: 'dataset-name-taken' });
      expect((await service.list(caller, 1, undefined, true)).total).toBe(before);
      await service.create(stranger, { name });
    });

    it('is called otherwise later, by a name that is free, and only where it is what the caller has seen', async () => {
      const [taken, dataset] = [`taken ${newId()}`, await service.create(caller, { name: `old ${newId()}` })];
      await service.create(caller, { name: taken });
      const change = (change: { name?: string; description?: string }, version?: number) =>
        service.change(caller, dataset.id, change, version);
      await expect(change({ name: taken })).rejects.toMatchObject({ code: 'dataset-name-taken' });
      await expect(change({ description: 'x' }, 7)).rejects.toMatchObject({ code: 'version-mismatch' });
      const changed = await change({ description: 'in English' }, 1);
      expect([changed.name, changed.description, changed.version]).toEqual([dataset.name, 'in English', 2]);
      expect((await change({})).version).toBe(2);
      expect(await events('dataset.update', dataset)).toHaveLength(1);
    });

    it('of several of one name at once is one', async () => {
      const name = `at once ${newId()}`;
      const made = await Promise.allSettled([1, 2, 3, 4].map(() => service.create(caller, { name })));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it("invariant 3: is nobody else's", async () => {
      const dataset = await create();
      await expect(service.get(stranger, dataset.id)).rejects.toMatchObject({ code: 'dataset-not-found' });
      await expect(history.list(stranger, dataset.id, { limit: 10 })).rejects.toMatchObject({
        code: 'dataset-not-found',
      });
      await expect(service.lineage(stranger, dataset.id)).rejects.toMatchObject({ code: 'dataset-not-found' });
    });
  });

  describe('a staged commit', () => {
    it('is seen by nobody', async () => {
      const dataset = await create();
      const before = await head(dataset);
      const staged = await stage(dataset);
      await addRecord(staged, newId());
      expect((await head(dataset)).id).toBe(before.id);
      expect((await history.list(caller, dataset.id, { limit: 10 })).items).toHaveLength(1);
      const asked = inTenant(() => refs.resolve(dataset.id, showId('cm', staged.id)));
      await expect(asked).rejects.toMatchObject({ code: 'ref-not-found' });
      expect(await visible(before)).toEqual([]);
    });

    it('takes a seq of its own, also when many begin at once', async () => {
      const dataset = await create();
      const staged = await Promise.all(Array.from({ length: 10 }, () => stage(dataset)));
      expect(staged.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    it('that is published is the head, with a hash over all it is, and told to the audit and the outbox', async () => {
      const dataset = await create();
      const before = await head(dataset);
      await writer.publish(await stage(dataset, 'Bring them in'), added(3), nothing);
      const after = await head(dataset);
      expect(after).toMatchObject({
        state: 'published',
        seq: 1,
        visibleSeq: 1,
        hiddenSeqs: [],
        parentIds: [before.id],
        message: 'Bring them in',
        authorId: caller.id,
        changes: { added: 3 },
        statistics: { records: 3 },
      });
      expect(after.merkleRoot).toEqual(Buffer.from(added(3).leaves.root()));
      const { merkleRoot, authorId, message, publishedAt } = after;
      const facts = {
        merkleRoot: merkleRoot!,
        authorId,
        message,
        publishedAt: publishedAt!,
        parentHashes: [before.hash!],
      };
      expect(after.hash).toEqual(commitHash(facts));
      const stored = { ...facts, id: after.id, hash: after.hash!, signature: null };
      const signature = { publicKey: 'none', signature: 'none', signedAt: '2026-01-01T00:00:00.000Z' };
      expect([
        commitFlaw(stored),
        commitFlaw({ ...stored, authorId: newId() }),
        commitFlaw({ ...stored, signature }),
      ]).toEqual([null, expect.stringContaining('hash'), expect.stringContaining('signature')]);
      expect(await events('commit.create', dataset)).toMatchObject([
        { details: { added: 3, commit: showId('cm', after.id) } },
      ]);
    });

    it('that was given up meanwhile is a conflict, and moves nothing', async () => {
      const dataset = await create();
      const staged = await stage(dataset);
      expect(await inTenant(() => repository.abandon(staged.id))).toMatchObject({ state: 'abandoned' });
      await expect(writer.publish(staged, added(1), nothing)).rejects.toMatchObject({ code: 'version-conflict' });
      expect((await head(dataset)).seq).toBe(0);
      expect(await events('commit.create', dataset)).toEqual([]);
    });

    it('that is published cannot be given up, nor published again', async () => {
      const dataset = await create();
      const staged = await stage(dataset);
      await writer.publish(staged, added(1), nothing);
      expect(await inTenant(() => repository.abandon(staged.id))).toBeNull();
      await expect(writer.publish(staged, added(1), nothing)).rejects.toMatchObject({ code: 'version-conflict' });
      expect((await head(dataset)).id).toBe(staged.id);
    });

    it('invariant 4: is not published when what goes with it fails', async () => {
      const dataset = await create();
      const staged = await stage(dataset);
      const failing = writer.publish(staged, added(1), () => Promise.reject(new Error('the audit is full')));
      await expect(failing).rejects.toThrow('the audit is full');
      expect((await head(dataset)).seq).toBe(0);
      await writer.publish(staged, added(1), nothing);
    });
  });

  it('ten commits at once on one branch all land, one behind the other', async () => {
    const dataset = await create();
    const staged = await Promise.all(Array.from({ length: 10 }, () => stage(dataset)));
    await Promise.all(staged.map((each, i) => writer.publish(each, added(i + 1), nothing)));
    const last = await head(dataset);
    expect(last).toMatchObject({ visibleSeq: 10, hiddenSeqs: [], statistics: { records: 55 } });
    const { items } = await history.list(caller, dataset.id, { limit: 100 });
    expect(items).toHaveLength(11);
    items.slice(0, -1).forEach((commit, i) => {
      expect(commit.parentIds).toEqual([items[i + 1]!.id]);
      expect(commit.publishedAt!.getTime()).toBeGreaterThan(items[i + 1]!.publishedAt!.getTime());
    });
  });

  it('the head moves only from where it was thought to be', async () => {
    const dataset = await create();
    const branch = await main(dataset);
    expect(await inTenant(() => repository.moveHead(branch.id, newId(), newId()))).toBe(false);
    expect((await main(dataset)).headCommitId).toBe(branch.headCommitId);
  });

  it('commits are listed newest first, also when what began first was published last', async () => {
    const dataset = await create();
    const [a, b, c] = [await stage(dataset), await stage(dataset), await stage(dataset)];
    for (const each of [c, a, b]) await writer.publish(each, added(1), nothing);
    const expected = [b.id, a.id, c.id];
    const all = (await history.list(caller, dataset.id, { limit: 100 })).items.map(({ id }) => id);
    expect(all.slice(0, 3)).toEqual(expected);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await history.list(caller, dataset.id, { limit: 1, cursor });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(paged).toEqual(all);
  });

  it.each(['x', toCursor(['no id']), toCursor([1]), toCursor([])])('the cursor %s is refused', async (cursor) => {
    const dataset = await create();
    await expect(history.list(caller, dataset.id, { limit: 1, cursor })).rejects.toMatchObject({ code: 'bad-cursor' });
    await expect(service.list(caller, 1, cursor)).rejects.toMatchObject({ code: 'bad-cursor' });
  });

  describe('what is visible at a commit', () => {
    type Step = { do: 'stage' | 'publish' | 'abandon'; which: number; removes: number };
    const step: fc.Arbitrary<Step> = fc.record({
      do: fc.constantFrom('stage', 'stage', 'publish', 'publish', 'abandon'),
      which: fc.nat({ max: 20 }),
      removes: fc.nat({ max: 3 }),
    });

    it('is what a simple model says, for every commit, at the end of every history', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
          const dataset = await create();
          const model = new Map<string, Set<string>>([[(await head(dataset)).id, new Set()]]);
          const open: { staged: StagedCommit; record: string }[] = [];
          for (const each of steps) {
            if (each.do === 'stage' || open.length === 0) {
              const staged = await stage(dataset);
              const record = newId();
              await addRecord(staged, record);
              open.push({ staged, record });
              continue;
            }
            const [{ staged, record }] = open.splice(each.which % open.length, 1) as [(typeof open)[number]];
            if (each.do === 'abandon') {
              await inTenant(() => repository.abandon(staged.id));
              continue;
            }
            const parent = model.get((await head(dataset)).id)!;
            const removed = [...parent].slice(0, each.removes);
            await writer.publish(staged, added(1), async () => {
              await database.query(
                'UPDATE record_versions SET to_seq = $1 WHERE branch_id = $2 AND record_id = ANY($3)',
                [staged.seq, staged.branchId, removed],
              );
            });
            model.set(staged.id, new Set([...parent, record].filter((id) => !removed.includes(id))));
          }
          for (const [id, expected] of model) {
            const commit = (await inTenant(() => repository.findCommit(dataset.id, id)))!;
            expect(await visible(commit)).toEqual([...expected].sort());
            for (const recordId of expected) {
              expect(await inTenant(() => records.find(layersOf(commit, []), recordId))).toMatchObject({ recordId });
            }
          }
        }),
        { numRuns: 30 },
      );
    });

    it('invariant 7: never changes by what is published, staged or given up later', async () => {
      const dataset = await create();
      const [early, late] = [await stage(dataset), await stage(dataset)];
      for (const each of [early, late]) await addRecord(each, newId());
      await writer.publish(late, added(1), nothing);
      const at = await head(dataset);
      const seen = await visible(at);
      expect(seen).toHaveLength(1);
      await writer.publish(early, added(1), nothing);
      expect(await visible(at)).toEqual(seen);
      expect(await visible(await head(dataset))).toHaveLength(2);
      expect(await head(dataset)).toMatchObject({ visibleSeq: 2, hiddenSeqs: [] });
    });

    it('is paged by record id', async () => {
      const dataset = await create();
      const staged = await stage(dataset);
      const ids = Array.from({ length: 7 }, () => newId());
      for (const id of ids.toReversed()) await addRecord(staged, id);
      await writer.publish(staged, added(7), nothing);
      const commit = await head(dataset);
      const pages = await inTenant(async () => [
        await records.page(layersOf(commit, []), 3, null),
        await records.page(layersOf(commit, []), 3, ids[2]!),
        await records.page(layersOf(commit, []), 3, ids[5]!),
      ]);
      expect(pages.map((page) => page.map(({ recordId }) => recordId))).toEqual([
        ids.slice(0, 3),
        ids.slice(3, 6),
        ids.slice(6),
      ]);
    });
  });

  describe('a ref', () => {
    let dataset: Dataset;
    const published: Commit[] = [];
    beforeAll(async () => {
      dataset = await create();
      published.push(await head(dataset));
      for (let i = 0; i < 2; i += 1) {
        await delay(5);
        await writer.publish(await stage(dataset), added(1), nothing);
        published.push(await head(dataset));
      }
    });
    const resolve = (ref?: string): Promise<string> =>
      inTenant(async () => (await refs.resolve(dataset.id, ref)).commit.id);

    it('left out, or the name of a branch, is its head', async () => {
      expect(await resolve()).toBe(published[2]!.id);
      expect(await resolve('main')).toBe(published[2]!.id);
    });

    it('may be a commit', async () => {
      for (const { id } of published) expect(await resolve(showId('cm', id))).toBe(id);
    });

    it('may be a time: the commit that was the head then', async () => {
      for (const [i, commit] of published.entries()) {
        const at = commit.publishedAt!.getTime();
        expect(await resolve(`@${new Date(at).toISOString()}`)).toBe(commit.id);
        if (i > 0) expect(await resolve(`@${new Date(at - 1).toISOString()}`)).toBe(published[i - 1]!.id);
      }
      expect(await resolve('@2999-01-01T00:00:00Z')).toBe(published[2]!.id);
    });

    it.each([
      '',
      'other',
      '@2020-01-01T00:00:00Z',
      '@',
      '@now',
      '@-271821-04-20T00:00:00Z',
      '@+275760-09-13T00:00:00.001Z',
      'ma\0in',
      '\ud800',
      "main'; DROP TABLE commits --",
      'cm_',
      `cm_${'0'.repeat(26)}`,
      `ds_${'0'.repeat(26)}`,
      'a'.repeat(255),
    ])('%j is none', async (ref) => {
      await expect(resolve(ref)).rejects.toMatchObject({ code: 'ref-not-found' });
    });

    it('does not reach into another dataset', async () => {
      const other = await head(await create());
      await expect(resolve(showId('cm', other.id))).rejects.toMatchObject({ code: 'ref-not-found' });
    });

    it('needs a dataset that is there', async () => {
      await expect(inTenant(() => refs.resolve(newId(), undefined))).rejects.toMatchObject({
        code: 'dataset-not-found',
      });
      const foreign = database.inTenant(stranger.tenantId, () => refs.resolve(dataset.id, undefined));
      await expect(foreign).rejects.toMatchObject({ code: 'dataset-not-found' });
    });
  });
});
