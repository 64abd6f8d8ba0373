import type { Issue } from '#kernel';
import { nameOf } from '../contents/content-hash.repository.ts';
import { likenessOf, methodOf } from '../contents/content.sketch.ts';
import type { ContentSketchRepository, SketchedVersion } from '../contents/content-sketch.repository.ts';
import type { ContentSketchingRepository } from '../contents/content-sketching.repository.ts';
import type { Layer } from '../layers.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { Change } from '../writes/change.ts';
import { type Coming, storedIn, wrongTogether } from './brought.ts';
import { type CommitLayersParts, layersAround } from './commit-layers.ts';
import { type Gate, leastLikeness, SHOWN, tracesOf } from './gate.ts';
import { nearIssue } from './gate.issues.ts';
import type { JudgedCommit, Onto } from './gate.repository.ts';
import { NearWatch } from './near.watch.ts';

export interface NearParts extends CommitLayersParts {
  sketches: Pick<ContentSketchRepository, 'of' | 'written' | 'sharing'>;
  sketchings: Pick<ContentSketchingRepository, 'isComplete'>;
  records: Pick<RecordRepository, 'findAll'>;
}

/** Records that are asked about at once: of each there may be some hundred to be compared. */
const AT_ONCE = 200;

type Asked = Pick<SketchedVersion, 'recordId' | 'sketch'>;

/** Finds records that say nearly what others of a branch say already. Every method runs in the caller's transaction. */
export class Nears {
  constructor(private readonly parts: NearParts) {}

  /** The first of a commit whose rows are there. What a record said before is not looked at. */
  async inCommit(commit: JudgedCommit, gates: readonly Gate[]): Promise<Issue[]> {
    const { method, least } = askedBy(gates);
    const around = await layersAround(this.parts, commit);
    const issues: Issue[] = [];
    for (let after: string | null = null; issues.length < SHOWN;) {
      const page = await this.parts.sketches.written(commit.datasetId, method, commit, after);
      const fresh = await this.freshIn(page.versions, { datasetId: commit.datasetId, method, before: around.before });
      issues.push(...(await this.among(fresh, around.after, least)));
      if (page.last === null) break;
      after = page.last;
    }
    return issues;
  }

  /** Whether all of a dataset is known, and not only what came in lately. */
  isComplete(datasetId: string): Promise<boolean> {
    return this.parts.sketchings.isComplete(datasetId);
  }

  /** The first that changes would bring, which are none yet and come as one. */
  async foreseen(
    changes: readonly Change[],
    onto: Pick<Onto, 'datasetId' | 'layers'>,
    gates: readonly Gate[],
  ): Promise<Issue[]> {
    const watch = await this.watch(onto, gates, { changes, together: true });
    return wrongTogether(watch, changes, (change) => watch.newSketchOf(change) !== undefined);
  }

  /**
   * What changes that are none yet are judged by, one after the other.
   *
   * @param coming see `Coming`
   */
  async watch(
    { datasetId, layers }: Pick<Onto, 'datasetId' | 'layers'>,
    gates: readonly Gate[],
    { changes, together, on }: Coming<NearWatch>,
  ): Promise<NearWatch> {
    const { method, least } = askedBy(gates);
    const known = await this.parts.sketches.of(datasetId, method, storedIn(changes));
    const watch = on ?? new NearWatch(known, least, together ? changes.map(({ recordId }) => recordId) : []);
    watch.alike.clear();
    const asked = changes.flatMap((change) => {
      const sketch = watch.newSketchOf(change);
      return sketch ? [{ recordId: change.recordId, sketch }] : [];
    });
    for (let at = 0; at < asked.length; at += AT_ONCE) {
      const some = asked.slice(at, at + AT_ONCE);
      const alike = await this.alike(some, layers, least);
      some.forEach(({ recordId }, i) => watch.alike.set(recordId, alike[i]!));
    }
    return watch;
  }

  /** Those that are new, or say something else than before: a record that is sealed again says what it said. */
  private async freshIn(
    versions: readonly SketchedVersion[],
    { datasetId, method, before }: { datasetId: string; method: number; before: readonly Layer[] },
  ): Promise<SketchedVersion[]> {
    const { records, sketches } = this.parts;
    const ids = versions.map(({ recordId }) => recordId);
    const rows = ids.length > 0 && before.length > 0 ? await records.findAll(before, ids) : [];
    const known = await sketches.of(datasetId, method, rows);
    const there = new Map(rows.map((row) => [row.recordId, row]));
    return versions.filter(({ recordId, leaf, sketch }) => {
      const row = there.get(recordId);
      if (!row) return true;
      const said = known.get(nameOf(row));
      return !row.leaf.equals(leaf) && said !== undefined && Buffer.compare(said, sketch) !== 0;
    });
  }

  private async among(fresh: readonly SketchedVersion[], after: readonly Layer[], least: number): Promise<Issue[]> {
    const isFresh = new Set(fresh.map(({ recordId }) => recordId));
    const issues: Issue[] = [];
    for (let at = 0; at < fresh.length && issues.length < SHOWN; at += AT_ONCE) {
      const some = fresh.slice(at, at + AT_ONCE);
      const alike = await this.alike(some, after, least);
      some.forEach(({ recordId }, i) => {
        // Of two that come at once the later one is told.
        const otherId = alike[i]!.find((id) => !isFresh.has(id) || id < recordId);
        if (otherId !== undefined) issues.push(nearIssue(recordId, otherId));
      });
    }
    return issues;
  }

  /** For each in turn: other records that are seen through the layers and as alike as that, by id. */
  private async alike(asked: readonly Asked[], layers: readonly Layer[], least: number): Promise<string[][]> {
    const { sketches, records } = this.parts;
    const sharing = await sketches.sharing(asked);
    const near = sharing.filter(({ of, sketch }) => likenessOf(asked[of]!.sketch, sketch) >= least);
    const ids = [...new Set(near.map(({ recordId }) => recordId))];
    const seen = ids.length > 0 ? await records.findAll(layers, ids) : [];
    const names = new Set(seen.map(nameOf));
    const found = asked.map((): string[] => []);
    for (const each of near) if (names.has(nameOf(each))) found[each.of]!.push(each.recordId);
    return found.map((others) => others.sort());
  }
}

function askedBy(gates: readonly Gate[]): { method: number; least: number } {
  return { method: methodOf(tracesOf(gates).sketches!), least: leastLikeness(gates)! };
}
