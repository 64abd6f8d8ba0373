import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Audit, AuditEvent } from '#audit';
import { TenantKeyRepository, UserRepository } from '#auth';
import { keyringFromMasterKey, KeyService, LocalKeyManagement, MerkleTree } from '#crypto';
import { type Database, DatabaseUnavailable } from '#database';
import { newId, type Principal, SilentLog, SystemClock, toCursor } from '#kernel';
import { piiTypeNamed } from '#pii';
import { AnonymizationChoices } from '#pii-rules';
import type { Job } from '#queue';
import { type JobQueue, JobsService, Outbox } from '#queue';
import { MemoryBlobStore, StorageUnavailable } from '#storage';
import type { WorkerPool } from '#workers';
import { openGatekeeper } from '../../../test/support/gatekeeper.ts';
import { untilSo } from '../../../test/support/held-timers.ts';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { AnonymizationsService } from './anonymizations.service.ts';
import { BranchRepository } from './branch.repository.ts';
import { CommitWriter } from './commit.writer.ts';
import type { Dataset } from './dataset.entity.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { DatasetsService } from './datasets.service.ts';
import type { ExportsService } from './exports.service.ts';
import { openExports, withoutViews } from './export/opened-exports.contract.ts';
import type { Import } from './import.entity.ts';
import type { ImportCounters } from './import.counters.ts';
import { ImportRepository } from './import.repository.ts';
import { ImportRunner, type ImportRunnerParts } from './import.runner.ts';
import { ImportSweeper } from './import.sweeper.ts';
import { ImportsService, type Upload } from './imports.service.ts';
import { FileReaders, type FormatPool } from './formats/file.readers.ts';
import { Ingest } from './ingest/ingest.ts';
import { SegmentKeeper } from './ingest/segment.keeper.ts';
import { makeSegment } from './ingest/segment.maker.ts';
import type { SegmentResult, SegmentTask } from './ingest/segment.task.ts';
import { Holding } from './quarantine/holding.ts';
import { QuarantineRepository } from './quarantine/quarantine.repository.ts';
import { RecordHistory } from './record.history.ts';
import { RecordReader } from './record.reader.ts';
import { RecordRepository } from './record.repository.ts';
import { RecordsService } from './records.service.ts';
import { Refs } from './refs.ts';
import { CommitsService } from './versions/commits.service.ts';
import { TagRepository } from './tag.repository.ts';
import { RecordRulesOf } from './schemas/record.rules.ts';
import { SchemaRepository } from './schemas/schema.repository.ts';
import { StagedImports } from './staged.imports.ts';
import { SegmentReader } from './segment.reader.ts';
import { openJudge, openTraces, roomEntities } from './opened-datasets.contract.ts';

const noRules = { naming: () => Promise.resolve(piiTypeNamed) };

/** Makes segments as the threads do, here and now, or when it is told to. */
class InlinePool {
  gate: Promise<void> = Promise.resolve();
  begun = 0;
  made = 0;
  async run(task: SegmentTask, { signal }: { signal?: AbortSignal } = {}): Promise<SegmentResult> {
    signal?.throwIfAborted();
    const own = structuredClone(task);
    this.begun += 1;
    await this.gate;
    signal?.throwIfAborted();
    this.made += 1;
    return makeSegment(own);
  }
}

/** A blob store whose deletes can be made to fail. */
class StubbornBlobStore extends MemoryBlobStore {
  deletesFail = false;
  override async delete(key: string): Promise<void> {
    if (this.deletesFail) throw new StorageUnavailable();
    await super.delete(key);
  }
}

const lines = (count: number, text = 'a plain line'): string[] =>
  Array.from({ length: count }, (_, n) => JSON.stringify({ n, text }));

const counters: ImportCounters = { imported: () => undefined };

describe.each(programs)('imports on %s', (program) => {
  let place: TestDatabase;
  let database: Database;
  const caller: Principal = { id: newId(), tenantId: newId(), permissions: new Set(['dataset:read']) };
  const stranger: Principal = { id: newId(), tenantId: newId(), permissions: new Set() };
  const log = new SilentLog();
  const pool = new InlinePool();
  const blobs = new StubbornBlobStore();
  let datasets: DatasetRepository;
  let imports: ImportRepository;
  let runnerParts: ImportRunnerParts;
  let service: ImportsService;
  let sweeper: ImportSweeper;
  let records: RecordsService;
  let exported: ExportsService;
  let creating: DatasetsService;
  let anonymizations: AnonymizationsService;
  let audit: Audit;
  let reader: RecordReader;
  let refs: Refs;
  let readers: FileReaders;
  let history: CommitsService;

  beforeAll(async () => {
    place = await openTestDatabase(program, roomEntities);
    database = place.database;
    const users = new UserRepository(database);
    for (const { tenantId } of [caller, stranger]) {
      await database.inTenant(tenantId, () => users.insertTenant({ id: tenantId, slug: tenantId, name: 'One' }));
    }
    const kms = new LocalKeyManagement(keyringFromMasterKey(randomBytes(32).toString('base64')));
    const limits = { size: 1000, ttlSeconds: 300 };
    const keys = new KeyService(kms, new TenantKeyRepository(database), limits, new SystemClock());
    datasets = new DatasetRepository(database);
    imports = new ImportRepository(database);
    audit = new Audit(database);
    refs = new Refs(datasets, new BranchRepository(database), new TagRepository(database));
    history = new CommitsService(database, datasets, refs);
    const recordRepository = new RecordRepository(database);
    const outbox = new Outbox(database);
    const commits = new CommitWriter(database, datasets, audit, outbox, openJudge(database));
    const threads = pool as unknown as WorkerPool<SegmentTask, SegmentResult>;
    const schemas = new SchemaRepository(database);
    const quarantine = new QuarantineRepository(database);
    const traces = openTraces(database);
    const ingest = new Ingest({
      keys,
      pool: threads,
      keeper: new SegmentKeeper(database, blobs, recordRepository, quarantine, traces),
      rules: { of: () => Promise.resolve(null) },
      recordRules: new RecordRulesOf(database, schemas, datasets),
      minConfidence: 0.5,
      parallel: 3,
    });
    readers = new FileReaders(blobs, pool as unknown as FormatPool, 3);
    const holding = new Holding(database, datasets, { counted: () => undefined });
    const held = { holding, quarantine, traces };
    const foresight = { before: () => Promise.resolve(null) };
    const stagedParts = { database, datasets, imports, records: recordRepository, commits, ...held, blobs };
    runnerParts = { database, imports, staged: new StagedImports(stagedParts), commits, ingest, foresight, blobs, log };
    const runner = new ImportRunner(runnerParts);
    service = new ImportsService({ database, datasets, imports, runner, audit, counters, readers });
    sweeper = new ImportSweeper(database, users, imports, runner, log);
    reader = new RecordReader(database, recordRepository, new SegmentReader(blobs, keys));
    records = new RecordsService(
      database,
      recordRepository,
      withoutViews(reader),
      refs,
      audit,
      new RecordHistory(database),
    );
    exported = openExports({ database, records: recordRepository, reader, refs, audit });
    creating = new DatasetsService(database, datasets, audit, outbox, openGatekeeper(database), schemas);
    const queue = { enqueue: async () => undefined } as unknown as JobQueue;
    const jobs = new JobsService(database, queue, log);
    anonymizations = new AnonymizationsService({
      database,
      refs,
      datasets: creating,
      lineage: datasets,
      jobs,
      keys,
      reader,
      runner,
      choices: new AnonymizationChoices({} as never, noRules as never),
      audit,
      grants: { copy: async () => undefined },
    });
  });
  afterAll(() => place.close());
  afterEach(() => {
    pool.gate = Promise.resolve();
    pool.begun = 0;
    blobs.deletesFail = false;
  });

  const create = (): Promise<Dataset> => creating.create(caller, { name: newId() });
  const upload = (text: string | string[]): Upload => ({
    stream: Readable.from([Buffer.from(Array.isArray(text) ? text.map((line) => `${line}\n`).join('') : text)]),
    type: 'application/x-ndjson',
    encoding: undefined,
  });
  const bring = (dataset: Dataset, text: string | string[], strict = false): Promise<Import> =>
    service.import(caller, dataset.id, upload(text), { strict });
  const read = async (dataset: Dataset, ref?: string): Promise<string> => {
    const { stream } = await exported.open(caller, dataset.id, { ref });
    return Buffer.concat(await stream.toArray()).toString();
  };
  const query = <R>(sql: string, parameters: unknown[] = []): Promise<R[]> =>
    database.inTenant(caller.tenantId, () => database.query<R>(sql, parameters));
  const count = async (table: string, dataset: Dataset): Promise<number> => {
    const [row] = await query<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE dataset_id = $1`, [dataset.id]);
    return row!.n;
  };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of blobs.list('')) found.push(key);
    return found;
  };
  /** What an import may have left of itself in a dataset that shows nothing of it. */
  const remains = async (dataset: Dataset): Promise<object> => {
    const known = new Set((await query<{ id: string }>('SELECT id FROM segments')).map(({ id }) => id));
    return {
      versions: await count('record_versions', dataset),
      findings: await count('findings', dataset),
      segments: await count('segments', dataset),
      held: await count('quarantine_items', dataset),
      orphans: (await keys()).filter((key) => !known.has(key)).length,
      text: await read(dataset),
    };
  };
  const nothing = { versions: 0, findings: 0, segments: 0, held: 0, orphans: 0, text: '' };

  describe('an import', () => {
    it('gives back every line, byte for byte and in order', async () => {
      const dataset = await create();
      const odd = ['{"a": 1.0,  "b":"\\u00e9é"}', '{"big":12345678901234567890}', '{"":{"":[]}}', ...lines(40_000)];
      const done = await bring(dataset, odd);
      expect(done).toMatchObject({
        state: 'completed',
        records: odd.length,
        rejected: 0,
        failure: null,
        createdBy: caller.id,
      });
      expect(done.bytes).toBe(odd.reduce((sum, line) => sum + Buffer.byteLength(line), 0));
      expect(done.finishedAt).toBeInstanceOf(Date);
      expect((await read(dataset)) === odd.map((line) => `${line}\n`).join('')).toBe(true);
    });

    it('counts what it found, and its commit stands on the leaves of its records', async () => {
      const dataset = await create();
      const done = await bring(dataset, ['{"mail":"ann@example.org"}', '{"mail":"bob@example.org"}', '{"none":1}']);
      expect(done.findingsByType).toMatchObject({ EMAIL_ADDRESS: 2 });
      const { commit } = await records.snapshot(caller, dataset.id);
      expect(commit.statistics).toMatchObject({ records: 3, findingsByType: { EMAIL_ADDRESS: 2 } });
      const leaves = new MerkleTree();
      for (const { leaf } of await query<{ leaf: Buffer }>(
        'SELECT leaf FROM record_versions WHERE dataset_id = $1 ORDER BY record_id',
        [dataset.id],
      )) {
        leaves.append(leaf);
      }
      expect(commit.merkleRoot).toEqual(Buffer.from(leaves.root()));
    });

    it('invariant 1: leaves no word of its content in the database or in the store', async () => {
      const dataset = await create();
      const marker = `canary-${newId()}`;
      await bring(dataset, [
        JSON.stringify({ [`key-${marker}`]: marker, mail: `${marker}@example.org` }),
        `not json ${marker}`,
      ]);
      const tables = await place.opened.statement(
        `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`,
      );
      for (const { name } of tables as { name: string }[]) {
        const found = await query(
          `SELECT 1 FROM ${name} AS t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || $2 || '%'`,
          [marker, Buffer.from(marker).toString('hex')],
        );
        expect([name, found]).toEqual([name, []]);
      }
      for (const key of await keys()) expect(Buffer.from(await blobs.get(key)).includes(marker)).toBe(false);
      expect(await read(dataset)).toContain(marker);
    });

    it('invariant 4: is told to the audit with its commit, or does not happen', async () => {
      const dataset = await create();
      const careless = new ImportsService({
        database,
        datasets,
        imports,
        runner: new ImportRunner(runnerParts),
        audit: Object.assign(new Audit(database), { append: () => Promise.reject(new Error('the audit is full')) }),
        counters,
        readers,
      });
      const failing = careless.import(caller, dataset.id, upload(lines(3)), { strict: false });
      await expect(failing).rejects.toThrow('the audit is full');
      expect(await remains(dataset)).toEqual(nothing);
      const done = await bring(dataset, lines(3));
      const events = await database.inTenant(caller.tenantId, () =>
        database.repository(AuditEvent).findBy({ action: 'dataset.import' }),
      );
      expect(events.at(-1)).toMatchObject({ details: { records: 3, rejected: 0 } });
      expect(done.state).toBe('completed');
    });

    it('with wrong lines brings the others, and names the wrong ones without their words', async () => {
      const dataset = await create();
      const done = await bring(dataset, ['{"a":1}', 'secret words', '{"b":2}', '{"c":', '']);
      expect(done).toMatchObject({ state: 'completed_with_errors', records: 2, rejected: 2 });
      const told = Buffer.concat(await (await service.errors(caller, done.id)).toArray()).toString();
      expect(
        told
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { line: number }).line),
      ).toEqual([2, 4]);
      expect(told).not.toContain('secret');
      expect(await read(dataset)).toBe('{"a":1}\n{"b":2}\n');
    });

    it.each([
      ['asked for all or nothing, with a wrong line', ['{"a":1}', 'wrong'], true, 'import-rejected'],
      ['with wrong lines only', ['wrong', 'wrong'], false, 'import-rejected'],
      ['with nothing', '', false, 'import-empty'],
      ['with blank lines', '\n \n\n', false, 'import-empty'],
    ] as const)('%s, leaves nothing but its row', async (_, text, strict, code) => {
      const dataset = await create();
      await expect(bring(dataset, typeof text === 'string' ? text : [...text], strict)).rejects.toMatchObject({ code });
      expect(await remains(dataset)).toEqual(nothing);
      const [row] = await query<{ state: string; failure: string }>(
        'SELECT state, failure FROM imports WHERE dataset_id = $1',
        [dataset.id],
      );
      expect(row).toEqual({ state: 'failed', failure: code.replace('-', '_').toUpperCase() });
    });

    it('of many lines that fails at the last clears all of them', async () => {
      const dataset = await create();
      await expect(bring(dataset, [...lines(45_000, 'ann@example.org'), 'wrong'], true)).rejects.toMatchObject({
        code: 'import-rejected',
      });
      expect(await remains(dataset)).toEqual(nothing);
    });

    it('that breaks off while segments are being made waits for them, and leaves nothing', async () => {
      const dataset = await create();
      let open: () => void = () => undefined;
      pool.gate = new Promise((resolve) => (open = resolve));
      let breakOff: () => void = () => undefined;
      const broken = new Promise<void>((resolve) => (breakOff = resolve));
      const stream = Readable.from(
        (async function* () {
          yield Buffer.from(lines(40_000).join('\n'));
          await broken;
          throw new Error('read ECONNRESET');
        })(),
      );
      const breaking = service.import(
        caller,
        dataset.id,
        { stream, type: 'application/x-ndjson', encoding: undefined },
        { strict: false },
      );
      let isOver = false;
      breaking.catch(() => undefined).finally(() => (isOver = true));
      await untilSo(() => pool.begun > 0);
      breakOff();
      await delay(50);
      expect(isOver).toBe(false);
      open();
      await expect(breaking).rejects.toMatchObject({ code: 'stream-broken' });
      expect(await remains(dataset)).toEqual(nothing);
    });

    it('into a branch or dataset that is not there reads nothing', async () => {
      const dataset = await create();
      for (const [id, branch, code] of [
        [newId(), undefined, 'dataset-not-found'],
        [dataset.id, 'other', 'ref-not-found'],
        [dataset.id, 'ma\0in', 'ref-not-found'],
      ] as const) {
        const { stream } = upload(lines(1));
        await expect(
          service.import(
            caller,
            id,
            { stream, type: 'application/x-ndjson', encoding: undefined },
            { branch, strict: false },
          ),
        ).rejects.toMatchObject({ code });
        expect(stream.readableDidRead).toBe(false);
      }
    });

    it('whose COMMIT was done but not answered is done', async () => {
      const dataset = await create();
      const lossy = Object.assign(Object.create(runnerParts.commits) as CommitWriter, {
        publish: async (...args: Parameters<CommitWriter['publish']>) => {
          await runnerParts.commits.publish(...args);
          throw new DatabaseUnavailable();
        },
      });
      const runner = new ImportRunner({ ...runnerParts, commits: lossy });
      const service_ = new ImportsService({ database, datasets, imports, runner, audit, counters, readers });
      const done = await service_.import(caller, dataset.id, upload(lines(2)), { strict: false });
      expect(done).toMatchObject({ state: 'completed', records: 2 });
      expect(await read(dataset)).toBe(`${lines(2).join('\n')}\n`);
    });

    it('ten at once on one branch all land, whole', async () => {
      const dataset = await create();
      const parts = Array.from({ length: 10 }, (_, i) => lines(50, `part ${i}`));
      const done = await Promise.all(parts.map((part) => bring(dataset, part)));
      expect(done.every(({ state }) => state === 'completed')).toBe(true);
      const found = (await read(dataset)).trim().split('\n');
      expect(found.toSorted()).toEqual(parts.flat().toSorted());
      const { commit } = await records.snapshot(caller, dataset.id);
      expect(commit.statistics?.records).toBe(500);
    });

    it("invariant 3: is nobody else's", async () => {
      const dataset = await create();
      const done = await bring(dataset, lines(2));
      await expect(service.get(stranger, done.id)).rejects.toMatchObject({ code: 'import-not-found' });
      await expect(service.errors(stranger, done.id)).rejects.toMatchObject({ code: 'import-not-found' });
      await expect(records.list(stranger, dataset.id, { limit: 10 })).rejects.toMatchObject({
        code: 'dataset-not-found',
      });
      await expect(exported.open(stranger, dataset.id)).rejects.toMatchObject({ code: 'dataset-not-found' });
    });
  });

  describe('an import whose process is lost', () => {
    /** Begins an import that has written a segment and hangs; `end` lets its stream go on. */
    async function hang(
      dataset: Dataset,
      first = '',
    ): Promise<{ import_: Promise<Import>; end: () => void; row: { id: string } }> {
      let end: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (end = resolve));
      const stream = Readable.from(
        (async function* () {
          yield Buffer.from(`${first}${lines(33_000).join('\n')}\n`);
          await held;
          yield Buffer.from(`${lines(33_000).join('\n')}\n`);
        })(),
      );
      const import_ = service.import(
        caller,
        dataset.id,
        { stream, type: 'application/x-ndjson', encoding: undefined },
        { strict: false },
      );
      import_.catch(() => undefined);
      while ((await count('segments', dataset)) < 1) await delay(20);
      const [row] = await query<{ id: string }>('SELECT id FROM imports WHERE dataset_id = $1', [dataset.id]);
      return { import_, end, row: row! };
    }
    const expire = (id: string): Promise<unknown> =>
      query(`UPDATE imports SET lease_until = now() - interval '1 second' WHERE id = $1`, [id]);

    it('is left alone while it gives signs of life, by the clock of the database', async () => {
      const dataset = await create();
      const { import_, end, row } = await hang(dataset);
      const [lease] = await query<{ seconds: number }>(
        `SELECT extract(epoch FROM lease_until - now())::float AS seconds FROM imports WHERE id = $1`,
        [row.id],
      );
      expect(lease!.seconds).toBeGreaterThan(30);
      expect(lease!.seconds).toBeLessThanOrEqual(60);
      expect(await sweeper.sweep()).toBe(0);
      expect(await database.inTenant(caller.tenantId, () => imports.renew(row.id))).toBe(true);
      end();
      expect(await import_).toMatchObject({ state: 'completed', records: 66_000 });
    });

    it('invariant 2: is cleared to the last row and object, once, whoever does it', async () => {
      const dataset = await create();
      const pii = [{ types: null, minRisk: 3, action: 'block', holds: true, reason: null, expiresAt: null }];
      const gates = [{ branches: ['*'], pii, fields: [], licenses: null }];
      await query('UPDATE datasets SET gates = $2 WHERE id = $1', [dataset.id, JSON.stringify(gates)]);
      const { import_, end, row } = await hang(dataset, '{"ssn":"536-90-4399"}\n');
      expect(await remains(dataset)).toMatchObject({ held: 1, segments: 2, text: '' });
      await expire(row.id);
      await Promise.all([sweeper.sweep(), sweeper.sweep(), sweeper.sweep()]);
      expect(await remains(dataset)).toEqual(nothing);
      expect(await service.get(caller, row.id)).toMatchObject({ state: 'failed', failure: 'PROCESS_LOST' });
      expect(await database.inTenant(caller.tenantId, () => imports.renew(row.id))).toBe(false);

      // And if it lives on after all, what it still writes is neither seen nor kept.
      end();
      await expect(import_).rejects.toMatchObject({ code: 'version-conflict' });
      expect(await remains(dataset)).toMatchObject({ versions: 0, findings: 0, segments: 0, text: '' });
      await bring(dataset, lines(1));
      expect(await read(dataset)).toBe(`${lines(1)[0]}\n`);
      for (const key of await keys()) {
        if ((await query('SELECT 1 FROM segments WHERE id = $1', [key])).length === 0) await blobs.delete(key);
      }
    });

    it('that cannot be cleared now holds up no other', async () => {
      const [one, other] = [await create(), await create()];
      const hanging = [await hang(one), await hang(other)];
      for (const { row } of hanging) await expire(row.id);
      blobs.deletesFail = true;
      await sweeper.sweep();
      for (const { row, end, import_ } of hanging) {
        expect(await service.get(caller, row.id)).toMatchObject({ state: 'failed' });
        end();
        await expect(import_).rejects.toMatchObject({ code: 'version-conflict' });
      }
      blobs.deletesFail = false;
      const known = new Set((await query<{ id: string }>('SELECT id FROM segments')).map(({ id }) => id));
      for (const key of await keys()) if (!known.has(key)) await blobs.delete(key);
    });
  });

  describe('reading', () => {
    let dataset: Dataset;
    let ids: string[];
    beforeAll(async () => {
      dataset = await create();
      await bring(dataset, [...lines(25), '{"mail":"ann@example.org"}']);
      ids = (
        await query<{ id: string }>('SELECT record_id AS id FROM record_versions WHERE dataset_id = $1 ORDER BY 1', [
          dataset.id,
        ])
      ).map(({ id }) => id);
    });

    it('goes page by page in the order of the file', async () => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await records.list(caller, dataset.id, { limit: 7, cursor });
        found.push(...page.items.map(({ content }) => content));
        cursor = page.nextCursor ?? undefined;
      } while (cursor);
      expect(found).toEqual([...lines(25), '{"mail":"ann@example.org"}']);
    });

    it.each(['nonsense', toCursor(['no id']), toCursor([1])])('refuses the cursor %s', async (cursor) => {
      await expect(records.list(caller, dataset.id, { limit: 7, cursor })).rejects.toMatchObject({
        code: 'bad-cursor',
      });
    });

    it('gives one record, and what was found in it', async () => {
      const last = ids.at(-1)!;
      expect((await records.get(caller, dataset.id, last)).content).toBe('{"mail":"ann@example.org"}');
      const [finding] = await records.findings(caller, dataset.id, last);
      expect(finding).toMatchObject({ type: 'EMAIL_ADDRESS', path: '/mail', start: 0, end: 15 });
      expect(finding!.subject).toHaveLength(16);
      await expect(records.get(caller, dataset.id, newId())).rejects.toMatchObject({ code: 'record-not-found' });
    });

    it('invariant 4: shows nothing that cannot be told to the audit', async () => {
      const mute = Object.assign(new Audit(database), { append: () => Promise.reject(new Error('the audit is full')) });
      const careful = new RecordsService(
        database,
        new RecordRepository(database),
        withoutViews(reader),
        refs,
        mute,
        new RecordHistory(database),
      );
      await expect(careful.list(caller, dataset.id, { limit: 1 })).rejects.toThrow('the audit is full');
      await expect(careful.get(caller, dataset.id, ids[0]!)).rejects.toThrow('the audit is full');
      const exporting = openExports({ database, records: new RecordRepository(database), reader, refs, audit: mute });
      await expect(exporting.open(caller, dataset.id)).rejects.toThrow('the audit is full');
    });

    it('invariant 5: of a damaged object is an error that names it, and an export of it never looks whole', async () => {
      const damaged = await create();
      await bring(damaged, lines(33_000));
      const segments = await query<{ id: string }>('SELECT id FROM segments WHERE dataset_id = $1 ORDER BY id', [
        damaged.id,
      ]);
      const { id } = segments.at(-1)!;
      const bytes = Buffer.from(await blobs.get(id));
      bytes[bytes.length - 20]! ^= 1;
      await blobs.delete(id);
      await blobs.put(id, bytes);
      await expect(read(damaged)).rejects.toMatchObject({
        code: 'segment-corrupt',
        message: expect.stringContaining(id) as string,
      });
      await blobs.delete(id);
      await expect(read(damaged)).rejects.toMatchObject({
        code: 'blob-not-found',
        message: expect.stringContaining(id) as string,
      });
      await blobs.put(id, Buffer.from(await blobs.get(segments[0]!.id)));
      await expect(read(damaged)).rejects.toMatchObject({ code: 'segment-corrupt' });
    });
  });

  describe('an anonymization', () => {
    const run = (job: Job): Promise<Record<string, unknown>> =>
      anonymizations.perform({
        job,
        signal: new AbortController().signal,
        progress: async () => undefined,
        complete: async () => undefined,
      });

    it('makes a copy without what was found, and publishes it once, however often it is done', async () => {
      const source = await create();
      await bring(source, ['{"mail":"ann@example.org"}', '{"none":1}']);
      const { job, dataset } = await anonymizations.ask(caller, source.id, { name: newId(), strategy: 'redact' });
      const result = await run(job);
      expect(result).toMatchObject({ records: 2, residual_findings: 0 });
      expect(await run(job)).toEqual(result);
      const text = await read(dataset);
      expect(text).not.toContain('ann@example.org');
      expect(text.trim().split('\n')).toHaveLength(2);
      expect((await history.list(caller, dataset.id, { limit: 10 })).items).toHaveLength(2);
      expect(await creating.lineage(caller, source.id)).toMatchObject([
        { fromDatasetId: source.id, toDatasetId: dataset.id },
      ]);
      expect(await read(source)).toContain('ann@example.org');
    });

    it('done by two at once publishes once', async () => {
      const source = await create();
      await bring(source, lines(10));
      const { job, dataset } = await anonymizations.ask(caller, source.id, { name: newId(), strategy: 'redact' });
      await Promise.allSettled([run(job), run(job)]);
      expect((await read(dataset)).trim().split('\n')).toHaveLength(10);
      expect((await history.list(caller, dataset.id, { limit: 10 })).items).toHaveLength(2);
    });

    it('of lines that grow much still fits its segments', async () => {
      const source = await create();
      const many = Array.from({ length: 5000 }, (_, n) =>
        JSON.stringify(Array.from({ length: 10 }, (_each, i) => `u${n}.${i}@a.org`)),
      );
      await bring(source, many);
      const { job, dataset } = await anonymizations.ask(caller, source.id, { name: newId(), strategy: 'hash' });
      expect(await run(job)).toMatchObject({ records: many.length });
      expect((await read(dataset)).length).toBeGreaterThan(many.join('').length);
    });
  });
});
