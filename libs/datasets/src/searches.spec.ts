import { showId, newId } from '#kernel';
import { JobCancelled, type RunningJob } from '#queue';
import { programs } from '../../../test/support/test-database.ts';
import type { Dataset } from './dataset.entity.ts';
import { DuplicateFinder } from './duplicates/duplicate.finder.ts';
import { DuplicateRepository } from './duplicates/duplicate.repository.ts';
import { isDuplicateTask, performDuplicateTask } from './duplicates/duplicate.tasks.ts';
import { DuplicatesService } from './duplicates/duplicates.service.ts';
import { Likeness } from './duplicates/likeness.ts';
import { Sketcher } from './duplicates/sketcher.ts';
import { LeakFinder } from './leakage/leak.finder.ts';
import { LeakRepository } from './leakage/leak.repository.ts';
import { isLeakTask, performLeakTask } from './leakage/leak.tasks.ts';
import { LeakageService } from './leakage/leakage.service.ts';
import { openDatasets, type OpenedDatasets, openJudge } from './opened-datasets.contract.ts';
import { KeyHashes } from './splits/key-hashes.ts';
import { SplitRepository } from './splits/split.repository.ts';
import { isSplitTask, performSplitTask } from './splits/split.tasks.ts';
import { SplitWriter } from './splits/split.writer.ts';
import { SplitsService } from './splits/splits.service.ts';
import { ChangeRepository } from './writes/change.repository.ts';

type Kind = 'duplicates' | 'leakage' | 'splits';

/** All of them on this thread. */
const pool = {
  run: async (task: { kind: string }) => {
    if (isDuplicateTask(task)) return performDuplicateTask(structuredClone(task));
    if (isLeakTask(task)) return performLeakTask(task);
    if (isSplitTask(task)) return performSplitTask(task);
    throw new Error('no such task');
  },
} as never;

describe.each(programs)('searches on %s', (program) => {
  let vault: OpenedDatasets;
  let dataset: Dataset;
  let services: ReturnType<typeof servicesOf>;
  beforeAll(async () => {
    vault = await openDatasets(program);
    services = servicesOf(vault);
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    dataset = await vault.creating.create(vault.caller, { name: newId() });
    const text = 'the same words come again and again in what these records say';
    const items = Array.from({ length: 12 }, (_, n) => ({
      op: 'create' as const,
      body: { content: { text: n < 8 ? text : `${text} ${n}` }, split: n % 2 === 0 ? 'train' : 'test' },
    }));
    await Promise.all(items.map(({ body }) => vault.writer.create(vault.caller, dataset.id, body, {})));
  });

  const query = <R>(sql: string): Promise<R[]> =>
    vault.database.inTenant(vault.caller.tenantId, () => vault.database.query<R>(sql, [dataset.id]));
  const found = async (): Promise<unknown> => ({
    duplicates: await query(
      `SELECT record_id, kept_id FROM duplicates
        WHERE search_id IN (SELECT id FROM duplicate_searches WHERE dataset_id = $1) ORDER BY record_id`,
    ),
    leaks: await query(
      `SELECT record_id, other_id, kind FROM leaks
        WHERE report_id IN (SELECT id FROM leakage_reports WHERE dataset_id = $1) ORDER BY record_id, other_id`,
    ),
    versions: await query(
      'SELECT record_id, from_seq, to_seq, split FROM record_versions WHERE dataset_id = $1 ORDER BY 1, 2',
    ),
    commits: await query('SELECT id, state FROM commits WHERE dataset_id = $1 ORDER BY id'),
  });

  const parametersOf = async (kind: Kind): Promise<Record<string, unknown>> => {
    const { commit } = await vault.records.snapshot(vault.caller, dataset.id);
    const looking = { pointer: '/text', shingles: 'words', threshold: 0.8 };
    const place = { datasetId: dataset.id, commitId: commit.id };
    if (kind === 'duplicates') return { ...place, options: { ...looking, keep: 'first' } };
    if (kind === 'leakage') return { ...place, against: null, options: { ...looking, key: null } };
    const splits = [
      { name: 'left', ratio: 0.5 },
      { name: 'right', ratio: 0.5 },
    ];
    const how = { seed: '1', key: 'record_id', stratifyBy: null, onMissing: 'refuse', dryRun: false };
    return { ...place, ...how, splits, branch: null, message: null };
  };
  const perform = (kind: Kind, running: RunningJob): Promise<Record<string, unknown>> => {
    if (kind === 'duplicates') return services.duplicates.find(running);
    return kind === 'leakage' ? services.leakage.perform(running) : services.splits.perform(running);
  };
  const runningOf = (parameters: Record<string, unknown>, other: Partial<RunningJob> = {}): RunningJob => ({
    job: { id: newId(), tenantId: vault.caller.tenantId, createdBy: vault.caller.id, parameters } as never,
    signal: new AbortController().signal,
    progress: async () => undefined,
    complete: async () => undefined,
    ...other,
  });

  it.each(['duplicates', 'leakage', 'splits'] as const)(
    'leave nothing half when they are cancelled or end, and do it once when they are done again: %s',
    async (kind) => {
      const parameters = await parametersOf(kind);
      const before = await found();
      const cancelling = new AbortController();
      const told: [number, number | undefined][] = [];
      const cancelled = runningOf(parameters, {
        signal: cancelling.signal,
        progress: async (...said) => {
          told.push(said as [number, number | undefined]);
          cancelling.abort(new JobCancelled());
        },
      });
      // A page that is there already may still be looked at; then it ends where it would publish.
      const refuse = async (): Promise<never> => {
        throw new JobCancelled();
      };
      await expect(perform(kind, { ...cancelled, complete: refuse })).rejects.toMatchObject({ code: 'job-cancelled' });
      expect(told.at(-1)).toEqual([12, 12]);
      expect(await found()).toEqual(before);

      // The process ends in the transaction that publishes.
      const again = runningOf(parameters);
      const end = async (): Promise<never> => {
        throw new Error('the process ends');
      };
      await expect(perform(kind, { ...again, complete: end })).rejects.toThrow('the process ends');
      expect(await found()).toEqual(before);

      const result = await perform(kind, again);
      const once = await found();
      expect(once).not.toEqual(before);
      const head = (await vault.records.snapshot(vault.caller, dataset.id)).commit;
      if (kind === 'splits') expect(result['commit_id']).toBe(showId('cm', head.id));

      // It comes again all the same, where the queue never heard that it was done.
      const second = await perform(kind, again);
      expect(await found()).toEqual(once);
      if (kind === 'splits') expect(second).toMatchObject({ commit_id: null, changed: 0 });
      else expect(second).toEqual(result);
    },
  );
});

function servicesOf(vault: OpenedDatasets) {
  const { database, rows: records, reader, keys, refs, branchWriter, branches, datasets, audit, outbox } = vault;
  const parts = { database, records, reader };
  const likeness = new Likeness(parts, pool);
  const sketcher = new Sketcher(parts, keys, pool);
  const hashes = new KeyHashes(parts, pool);
  const gatekeeper = { demand: async () => undefined } as never;
  const jobs = {} as never;
  const judge = openJudge(database);
  const changes = new ChangeRepository(database);
  const splits = new SplitRepository(database);
  const writer = new SplitWriter({ splits, changes, branches, datasets, audit, outbox, judge });
  return {
    duplicates: new DuplicatesService({
      database,
      refs,
      records,
      jobs,
      audit,
      writer: branchWriter,
      duplicates: new DuplicateRepository(database),
      finder: new DuplicateFinder(sketcher, pool, likeness),
    }),
    leakage: new LeakageService({
      database,
      gatekeeper,
      refs,
      jobs,
      audit,
      leaks: new LeakRepository(database),
      finder: new LeakFinder(sketcher, pool, likeness, hashes),
    }),
    splits: new SplitsService({
      database,
      gatekeeper,
      refs,
      hashes,
      pool,
      writer,
      branches: branchWriter,
      jobs,
      audit,
    }),
  };
}
