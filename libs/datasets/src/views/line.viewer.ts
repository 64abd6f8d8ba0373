import { LineTaker } from '../ingest/line.taker.ts';
import { joined, textsIn } from '../json-lines.ts';
import { LeftOut } from './left-out.ts';
import type { ViewedLines, ViewPlan, ViewTask } from './view.task.ts';

/** Shows lines as a view does, on a thread. */
export class LineViewer {
  readonly #leftOut: LeftOut;
  readonly #taker: LineTaker;
  readonly #cutter: LineTaker;

  constructor(view: ViewPlan) {
    const { anonymize } = view;
    this.#leftOut = new LeftOut(view.without);
    this.#taker = new LineTaker(view, anonymize);
    const special = Object.entries(anonymize.strategies).map(([type, strategy]) => [type, harsher(strategy)]);
    const strategies = Object.fromEntries(special) as Record<string, string>;
    this.#cutter = new LineTaker(view, { ...anonymize, strategy: harsher(anonymize.strategy), strategies });
  }

  of(text: string): string {
    let { source, residual } = this.#taker.of(this.#leftOut.of(text));
    // What values were taken out of may read like others. It is cut until nothing is found: each time it is shorter.
    while (residual > 0) ({ source, residual } = this.#cutter.of(source));
    return source;
  }
}

function harsher(strategy: string): string {
  return strategy === 'keep' ? strategy : 'remove';
}

/** Overwrites the keys it was given. */
export function viewLines({ lines, view }: ViewTask): ViewedLines {
  try {
    const viewer = new LineViewer(view);
    const shown = textsIn(lines).map((text) => Buffer.from(viewer.of(text)));
    return { bytes: new Uint8Array(joined(shown)) };
  } finally {
    view.anonymize.hashKey.fill(0);
    view.rules?.allowKey.fill(0);
  }
}
