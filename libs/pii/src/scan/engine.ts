import type { Finding } from '../finding.ts';
import { riskOf } from '../pii-type.ts';
import type { Risk } from '../risk.ts';
import { BY_SHAPE, type Candidate, withoutOverlaps } from './candidate.ts';
import { CodeUnits } from './code-units.ts';
import { isContext } from './context.ts';
import { contextWord } from './context-word.ts';
import type { Dispatcher } from './dispatcher.ts';
import { lookAtValue } from './look-behind-word.ts';
import { type Normalized, normalize } from './normalize.ts';
import { CONTEXT_WINDOW, Reading } from './reading.ts';
import { Scan } from './scan.ts';
import { validatorOf } from './validators.ts';
import type { WordListener } from './word-listener.ts';

/** Rises when rules change, so that findings tell by which rules they were made. */
const RULE_VERSION = 2;

export interface EngineOptions {
  minConfidence: number;
  explain: boolean;
}

/** A text, or what stands in it between two places, with its code units. */
export interface Part {
  text: string;
  codes: Uint16Array;
  from: number;
  end: number;
}

const NOTHING: readonly number[] = [];

/** A listener that adds candidates of its own when a text was read. */
export interface Tagger extends WordListener {
  begin(reading: Reading): void;
  finish(): void;
}

/** Reads texts, one after the other, into findings whose offsets count from the beginning of the text. */
export class Engine {
  readonly reading: Reading;
  readonly #scan: Scan;
  readonly #dispatcher: Dispatcher;
  readonly #tagger: Tagger | null;
  readonly #options: EngineOptions;
  readonly #units = new CodeUnits();
  readonly #risks = new Map<string, Risk>();

  constructor(dispatcher: Dispatcher, tagger: Tagger | null, options: EngineOptions, reading: Reading = new Reading()) {
    this.reading = reading;
    this.#dispatcher = dispatcher;
    this.#tagger = tagger;
    this.#options = options;
    this.#scan = new Scan(dispatcher, reading, tagger);
  }

  /** `contexts` were said before the text, `own` by the very key whose value it is. */
  read(text: string, contexts: readonly number[] = NOTHING, own: readonly number[] = NOTHING): Finding[] | null {
    return this.readPart({ text, codes: this.#units.of(text), from: 0, end: text.length }, contexts, own);
  }

  /** The same of a part of a text that ends before something that is no letter and no digit. */
  readPart(part: Part, contexts: readonly number[], own: readonly number[]): Finding[] | null {
    this.#pass(part, contexts, own);
    if (!this.#scan.isOdd) return this.#findings(part.from, null);
    const plain = normalize(part.text.slice(part.from, part.end));
    const { text } = plain;
    this.#pass({ text, codes: this.#units.of(text), from: 0, end: text.length }, contexts, own);
    return this.#findings(0, plain);
  }

  #pass({ text, codes, from, end }: Part, contexts: readonly number[], own: readonly number[]): void {
    const { reading } = this;
    reading.checkEnd();
    reading.begin(text, codes, from, end);
    for (const context of contexts) reading.hear(context, from);
    for (const context of own) this.#value(context, from);
    this.#tagger?.begin(reading);
    this.#scan.read();
    if (!this.#scan.isOdd) this.#tagger?.finish();
  }

  #value(context: number, from: number): void {
    this.reading.hear(context, from);
    const rules = this.#dispatcher.follows[context];
    if (rules) lookAtValue(this.reading, rules);
  }

  #findings(from: number, plain: Normalized | null): Finding[] | null {
    const { candidates } = this.reading;
    if (candidates.length === 0) return null;
    const sure = candidates.filter((candidate) => this.#isWanted(candidate));
    return withoutOverlaps(sure).map((candidate) => this.#finding(candidate, from, plain));
  }

  #isWanted({ type, confidence }: Candidate): boolean {
    return confidence >= this.#options.minConfidence && this.#dispatcher.wanted.has(type);
  }

  #finding(candidate: Candidate, from: number, plain: Normalized | null): Finding {
    const { type, detector, why } = candidate;
    const places = plain?.places;
    const last = candidate.end - 1 - from;
    const finding: Finding = {
      type,
      start: places?.[candidate.start - from] ?? candidate.start - from,
      end: places ? (places[last] ?? last) + 1 : last + 1,
      confidence: Math.round(candidate.confidence * 100) / 100,
      risk: this.#riskOf(type),
      detector,
      ruleVersion: RULE_VERSION,
    };
    if (this.#options.explain) finding.explanation = explain(candidate, why, this.reading);
    return finding;
  }

  #riskOf(type: string): Risk {
    let risk = this.#risks.get(type);
    if (!risk) this.#risks.set(type, (risk = riskOf(type)));
    return risk;
  }
}

const PROOFS = [
  '',
  'by its form',
  'by its context',
  'its form and check # hold',
  'its check # holds and its context says so',
];
/** Of numbers none is a candidate whose check fails, whatever else speaks for it. */
const WEAKLY = 'by its form, and its check # holds';

function proven(detector: string, proof: number): string {
  const validator = validatorOf(detector);
  const words = validator !== undefined && proof === BY_SHAPE ? WEAKLY : (PROOFS[proof] ?? '');
  return words.replace(' #', validator === undefined ? '' : ` (${validator})`);
}

const BEHIND = 'behind a word of ';

/** The rule, what speaks for it, by which check, and which word of context stands how far before the value. */
function explain({ detector, proof, start }: Candidate, why: string, { text, from }: Reading): string {
  const context = why.startsWith(BEHIND) ? why.slice(BEHIND.length) : why;
  const begin = Math.max(from, start - CONTEXT_WINDOW);
  const near = isContext(context) ? contextWord(text.slice(begin, start), context) : null;
  const place = near ? `, "${near.word}" ${start - begin - near.end} before it` : '';
  const said = isContext(context) && !near ? ', of its key or of what was asked' : '';
  return `rule ${detector}: ${proven(detector, proof)}${why ? ` (${why}${place}${said})` : ''}`;
}
