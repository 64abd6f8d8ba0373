import fc from 'fast-check';
import { newId, showId, SilentLog } from '#kernel';
import { programs } from '../../../../test/support/test-database.ts';
import type { Dataset } from '../dataset.entity.ts';
import { Leftovers } from '../leftovers.ts';
import { openDatasets, type OpenedDatasets, openTraces } from '../opened-datasets.contract.ts';
import { MergeBase } from '../versions/merge-base.ts';
import { PurgeRepository } from './purge.repository.ts';
import { type Purged, Purger } from './purger.ts';
import { RemainsRepository } from './remains.repository.ts';

const REFUSALS =
  /not-found|ref-name-taken|branch-too-deep|commit-has-no-parent|version-conflict|merge-conflict|record-/;
const act = fc.record({
  op: fc.constantFrom('write', 'write', 'drop', 'fork', 'fork', 'tag', 'untag', 'delete', 'reset', 'merge', 'purge'),
  at: fc.nat(),
  other: fc.nat(),
});

describe.each(programs)('what nothing leads to on %s', (program) => {
  let vault: OpenedDatasets;
  let dataset: Dataset;
  let purger: Purger;
  const purgedBytes: number[] = [];
  beforeAll(async () => {
    vault = await openDatasets(program);
    const { database, datasets, refs, blobs, audit } = vault;
    const log = new SilentLog();
    purger = new Purger({
      database,
      datasets,
      purge: new PurgeRepository(database),
      remains: new RemainsRepository(database, openTraces(database)),
      histories: new MergeBase(database, datasets, refs),
      leftovers: new Leftovers(database, blobs, log),
      audit,
      counters: { purged: (_, bytes) => void purgedBytes.push(bytes) },
      log,
    });
  });
  afterAll(() => vault.place.close());
  beforeEach(async () => {
    dataset = await vault.creating.create(vault.caller, { name: newId() });
  });

  const sql = <R>(text: string, parameters: unknown[] = [dataset.id]): Promise<R[]> =>
    vault.database.inTenant(vault.caller.tenantId, () => vault.database.query<R>(text, parameters));
  const to = (progress: () => Promise<void> = async () => undefined, minAgeSeconds = 0) => ({
    actor: vault.caller,
    datasetId: dataset.id,
    minAgeSeconds,
    signal: new AbortController().signal,
    progress,
  });
  const purge = (minAgeSeconds = 0): Promise<Purged> => purger.run(to(undefined, minAgeSeconds));
  const write = (n: number, branch?: string) =>
    vault.writer.create(vault.caller, dataset.id, { content: { n, mail: `user${n}@example.org` } }, { branch });
  const fork = (name: string, from?: string) => vault.naming.create(vault.caller, dataset.id, name, from);
  const remove = (name: string) => vault.naming.remove(vault.caller, dataset.id, name);
  const seen = async (ref?: string): Promise<string[]> => {
    const { items } = await vault.records.list(vault.caller, dataset.id, { ref, limit: 1000 });
    return items.map(({ row, content }) => `${row.recordId} ${content}`);
  };
  const idOf = async (ref?: string): Promise<string> =>
    showId('cm', (await vault.records.snapshot(vault.caller, dataset.id, ref)).commit.id);

  /** Nothing names what is not there, and nothing is there that nothing names. */
  const mustBeTidy = async (): Promise<void> => {
    const strays = {
      rows: `SELECT 1 FROM record_versions v WHERE dataset_id = $1 AND (
        NOT EXISTS (SELECT FROM commits c WHERE c.branch_id = v.branch_id AND c.seq = v.from_seq) OR
        v.to_seq IS NOT NULL AND NOT EXISTS (SELECT FROM commits c WHERE c.branch_id = v.branch_id AND c.seq = v.to_seq) OR
        v.segment_id IS NOT NULL AND NOT EXISTS (SELECT FROM segments s WHERE s.id = v.segment_id))`,
      findings: `SELECT 1 FROM findings f WHERE dataset_id = $1 AND NOT EXISTS (SELECT FROM record_versions v
        WHERE v.branch_id = f.branch_id AND v.record_id = f.record_id AND v.from_seq = f.from_seq)`,
      segments: `SELECT 1 FROM segments s WHERE dataset_id = $1
        AND NOT EXISTS (SELECT FROM record_versions v WHERE v.segment_id = s.id)`,
      branches: `SELECT 1 FROM branches b WHERE dataset_id = $1
        AND NOT EXISTS (SELECT FROM commits c WHERE c.id = b.head_commit_id AND c.state = 'published')`,
      contents: `SELECT 1 FROM content_hashes h WHERE dataset_id = $1 AND NOT EXISTS (SELECT FROM record_versions v
        WHERE v.dataset_id = $1 AND v.record_id = h.record_id AND v.leaf = h.leaf)`,
      bases: `SELECT 1 FROM branches b CROSS JOIN LATERAL jsonb_array_elements(b.base) AS layer WHERE dataset_id = $1
        AND NOT EXISTS (SELECT FROM commits c WHERE c.id = (layer->>'commitId')::uuid AND c.state = 'published')`,
    };
    for (const [what, text] of Object.entries(strays)) expect([what, await sql(text)]).toEqual([what, []]);
  };

  /** As where a gate looks for contents that come again. */
  const hashAll = (): Promise<unknown[]> =>
    sql(`INSERT INTO content_hashes (tenant_id, dataset_id, record_id, leaf, hash)
      SELECT tenant_id, dataset_id, record_id, leaf, leaf FROM record_versions WHERE dataset_id = $1 AND segment_id IS NOT NULL
        ON CONFLICT DO NOTHING`);

  interface Graph {
    id: string;
    parent_ids: string[];
  }
  const graph = (): Promise<Graph[]> =>
    sql<Graph>(`SELECT id, parent_ids FROM commits WHERE dataset_id = $1 AND state = 'published'`);
  /** As git would say it: parents, and theirs, of what has a name. */
  const reachable = async (): Promise<Set<string>> => {
    const parents = new Map((await graph()).map(({ id, parent_ids }) => [id, parent_ids]));
    const named = `SELECT head_commit_id AS id FROM branches WHERE dataset_id = $1 AND name IS NOT NULL
      UNION SELECT commit_id FROM tags WHERE dataset_id = $1`;
    const open = (await sql<{ id: string }>(named)).map(({ id }) => id);
    const found = new Set<string>();
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      open.push(...(parents.get(id) ?? []));
    }
    return found;
  };

  /** Does things at random refs, and remembers what each commit was. */
  const others = () => {
    const known = new Map<string, string[]>();
    let names = 0;
    const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!;
    const branches = async (): Promise<string[]> =>
      (
        await sql<{ name: string }>(
          'SELECT name FROM branches WHERE dataset_id = $1 AND name IS NOT NULL ORDER BY name',
        )
      ).map(({ name }) => name);
    const perform = async (op: string, at: number, other: number): Promise<void> => {
      const { caller, naming, tagging, merging, writer } = vault;
      const branch = pick(await branches(), at);
      const anywhere = pick([...known.keys(), 'main'], other);
      const records = op === 'drop' ? (await seen(branch)).map((row) => row.slice(0, 36)) : [];
      names += 1;
      if (op === 'write') await write(other % 100, branch);
      else if (op === 'drop' && records.length > 0)
        await writer.remove(caller, dataset.id, pick(records, other), { branch });
      else if (op === 'fork') await fork(`branch-${names}`, anywhere);
      else if (op === 'tag') await tagging.create(caller, dataset.id, { name: `tag-${names}`, ref: anywhere });
      else if (op === 'untag') {
        const [tag] = await sql<{ name: string }>('SELECT name FROM tags WHERE dataset_id = $1 LIMIT 1');
        if (tag) await tagging.remove(caller, dataset.id, tag.name);
      } else if (op === 'delete' && branch !== 'main') await remove(branch);
      else if (op === 'reset') await naming.reset(caller, dataset.id, branch, anywhere);
      else if (op === 'merge')
        await merging.merge(caller, dataset.id, anywhere, { branch, strategy: 'theirs', resolutions: [] });
      else if (op === 'purge') await purge();
    };
    const remember = async (): Promise<void> => {
      for (const branch of await branches()) {
        const id = await idOf(branch);
        if (!known.has(id)) known.set(id, await seen(id));
      }
    };
    const tried = async ({ op, at, other }: { op: string; at: number; other: number }): Promise<void> => {
      try {
        await perform(op, at, other);
      } catch (error) {
        if (!REFUSALS.test((error as { code?: string }).code ?? '')) throw error;
      }
    };
    return { known, tried, remember };
  };

  it('goes, and nothing else, whatever else goes on', async () => {
    const property = fc.asyncProperty(fc.array(fc.tuple(act, act), { minLength: 4, maxLength: 14 }), async (acts) => {
      dataset = await vault.creating.create(vault.caller, { name: newId() });
      await write(0);
      const { known, tried, remember } = others();
      for (const [one, two] of acts) {
        await remember();
        await Promise.all([tried(one), tried(two)]);
      }
      await remember();
      const kept = await reachable();
      const foreseen = await purger.look(to());
      const done = await purge();
      expect({ ...done, branches: 0 }).toEqual({ ...foreseen, branches: 0 });
      expect(new Set((await graph()).map(({ id }) => id))).toEqual(kept);
      await mustBeTidy();
      for (const [id, rows] of known) {
        const isKept = [...kept].some((each) => showId('cm', each) === id);
        if (isKept) expect([id, await seen(id)]).toEqual([id, rows]);
        else await expect(seen(id)).rejects.toMatchObject({ code: 'ref-not-found' });
      }
    });
    await fc.assert(property, { numRuns: program === 'embedded' ? 4 : 30 });
  });

  it('stays for a while from when it was let go of, and comes back by the id of its commit', async () => {
    await write(1);
    await fork('side');
    await write(2, 'side');
    const lost = await idOf('side');
    await remove('side');
    expect(await purge(3600)).toMatchObject({ commits: 0, segments: 0 });
    await vault.tagging.create(vault.caller, dataset.id, { name: 'kept', ref: lost });
    expect(await purge()).toMatchObject({ commits: 0 });
    await vault.tagging.remove(vault.caller, dataset.id, 'kept');
    expect(await purge(3600)).toMatchObject({ commits: 0 });
    await fork('again', lost);
    expect(await seen('again')).toHaveLength(2);
    await sql(`UPDATE branches SET released_at = now() - interval '2 hours' WHERE dataset_id = $1 AND name IS NULL`);
    await remove('again');
    for (let i = 0; i < 2; i += 1) expect(await purge(3600)).toMatchObject({ commits: 0 });
    expect(await purge()).toMatchObject({ commits: 1, recordVersions: 1, segments: 1, kept: 0 });
    await expect(fork('never', lost)).rejects.toMatchObject({ code: 'ref-not-found' });
    await mustBeTidy();
  });

  it('leaves what it was merged into, and segments in which others have something', async () => {
    await write(1);
    await fork('side');
    await write(2, 'side');
    await vault.merging.merge(vault.caller, dataset.id, 'side', { strategy: 'fail', resolutions: [] });
    await write(3, 'side');
    await remove('side');
    await hashAll();
    expect(await purge()).toMatchObject({ commits: 1, segments: 1, kept: 0 });
    await mustBeTidy();
    await fork('other');
    await write(4, 'other');
    const picked = await idOf('other');
    await vault.merging.cherryPick(vault.caller, dataset.id, picked, { strategy: 'fail', resolutions: [] });
    await remove('other');
    await hashAll();
    expect(await purge()).toMatchObject({ commits: 1, recordVersions: 1, segments: 0, kept: 1 });
    expect(await sql('SELECT 1 FROM content_hashes WHERE dataset_id = $1')).toHaveLength(3);
    expect((await seen()).map((row) => row.slice(37, 43))).toEqual(['{"n":1', '{"n":2', '{"n":4']);
    await mustBeTidy();
  });

  it('ends an export that is under way with an error: it may not look whole', async () => {
    await write(1);
    const first = await idOf();
    await write(2);
    const ref = await idOf();
    await vault.naming.reset(vault.caller, dataset.id, 'main', first);
    const { stream } = await vault.exported.open(vault.caller, dataset.id, { ref });
    await purge();
    await expect(stream.toArray()).rejects.toMatchObject({ code: 'ref-not-found' });
  });

  it('is given up at once, and the next purge goes on where one was cut short', async () => {
    await write(1);
    const first = await idOf();
    await write(2);
    const lost = await idOf();
    await vault.naming.reset(vault.caller, dataset.id, 'main', first);
    const cut = async (): Promise<never> => {
      throw new Error('cut');
    };
    await expect(purger.run(to(cut))).rejects.toThrow('cut');
    await expect(seen(lost)).rejects.toMatchObject({ code: 'ref-not-found' });
    expect(await purge()).toMatchObject({ commits: 1, segments: 1 });
    expect(await seen()).toHaveLength(1);
    await mustBeTidy();
    const left = await sql<{ n: number }>(
      'SELECT count(*)::int AS n FROM leftover_objects WHERE not_before > now()',
      [],
    );
    expect(left[0]!.n).toBeGreaterThan(0);
  });
});
