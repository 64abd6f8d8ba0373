import { Dispatcher } from '../scan/dispatcher.ts';
import { Engine } from '../scan/engine.ts';
import { Reading } from '../scan/reading.ts';
import type { NameFeatures } from './name-features.ts';
import { IS_FIRST, IS_LAST, IS_PLACE, IS_WORD, NameTable } from './name-table.ts';
import { NameTagger } from './name-tagger.ts';

/** Forgets some of what it knows, as there will always be names, words and places that no list has. */
class ForgetfulTable extends NameTable {
  forgets: (hash: number) => boolean = () => false;

  override look(hash: number): number {
    const flags = super.look(hash);
    return flags !== 0 && this.forgets(hash) ? flags & ~(IS_FIRST | IS_LAST | IS_PLACE | IS_WORD) : flags;
  }
}

/** For scripts/pii-train.ts: reads texts as a scan does, and hands over what there is to judge about each word. */
export class NameTraining {
  readonly #table = new ForgetfulTable();

  /** `learn` says whether the word between the places is part of a name. */
  read(
    text: string,
    forgets: (hash: number) => boolean,
    learn: (features: NameFeatures, start: number, end: number) => boolean,
  ): void {
    this.#table.forgets = forgets;
    const judge = {
      judge: (features: NameFeatures, start: number, end: number) => (learn(features, start, end) ? 9 : -9),
    };
    const wanted = new Set(['PERSON']);
    const reading = new Reading();
    const tagger = new NameTagger(this.#table, reading, judge, null);
    new Engine(new Dispatcher([], wanted), tagger, { minConfidence: 0, explain: false }, reading).read(text);
  }
}
