import type { Issue } from '#kernel';
import { nameOf } from '../contents/content-hash.repository.ts';
import { bandsOfSketch, likenessOf } from '../contents/content.sketch.ts';
import type { Change } from '../writes/change.ts';
import { takenFrom } from './brought.ts';
import { nearIssue } from './gate.issues.ts';
import type { Watch } from './gated.ts';

interface Brought {
  recordId: string;
  sketch: Uint8Array;
}

/** Those with one band that are compared: of very many that begin alike, a band says nothing. */
const MOST_OF_A_BAND = 32;

/** Remembers what changes bring, and says of each what it is nearly the same as. */
export class NearWatch implements Watch {
  /** By record that is asked about: others on the branch that are as alike. */
  readonly alike = new Map<string, readonly string[]>();
  private readonly byBand = new Map<string, Brought[]>();
  /** Records of which it is not what is on the branch that counts. */
  private readonly gone: Set<string>;

  constructor(
    private readonly known: ReadonlyMap<string, Uint8Array>,
    private readonly least: number,
    leaving: readonly string[],
  ) {
    this.gone = new Set(leaving);
  }

  /** Of what the record says after the change, and did not before; undefined where it is not known whether it did, or has no text. */
  newSketchOf(change: Change): Uint8Array | undefined {
    const sketch = this.sketchOf(change);
    if (!sketch || !change.before) return sketch;
    const said = this.known.get(nameOf(change.before));
    return said === undefined || Buffer.compare(said, sketch) === 0 ? undefined : sketch;
  }

  issuesOf(change: Change): Issue[] {
    const sketch = this.newSketchOf(change);
    if (!sketch) return [];
    const { recordId } = change;
    const otherId =
      this.takenLike(recordId, sketch) ?? this.alike.get(recordId)?.find((id) => id !== recordId && !this.gone.has(id));
    return otherId === undefined ? [] : [nearIssue(recordId, otherId)];
  }

  /** It comes onto the branch. */
  take(change: Change): void {
    this.gone.add(change.recordId);
    const sketch = this.sketchOf(change);
    if (!sketch) return;
    for (const name of namesOf(sketch)) {
      const bucket = this.byBand.get(name) ?? [];
      this.byBand.set(name, bucket);
      if (bucket.length < MOST_OF_A_BAND) bucket.push({ recordId: change.recordId, sketch });
    }
  }

  private takenLike(recordId: string, sketch: Uint8Array): string | undefined {
    for (const name of namesOf(sketch)) {
      const other = this.byBand
        .get(name)
        ?.find((each) => each.recordId !== recordId && likenessOf(each.sketch, sketch) >= this.least);
      if (other) return other.recordId;
    }
    return undefined;
  }

  private sketchOf({ after }: Change): Uint8Array | undefined {
    if (!after) return undefined;
    const taken = takenFrom(after);
    const sketch = taken ? this.known.get(nameOf(taken)) : after.sketch;
    return sketch && sketch.length > 0 ? sketch : undefined;
  }
}

function namesOf(sketch: Uint8Array): string[] {
  return bandsOfSketch(sketch)!.map((band, i) => `${i} ${band}`);
}
