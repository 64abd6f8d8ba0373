import { allDetectors } from './all-detectors.ts';
import type { Finding, JsonFinding } from './finding.ts';
import { JsonScan, type Found, withPath } from './json/json-scan.ts';
import { piiTypeNamed, piiTypes } from './pii-type.ts';
import { nameModel } from './names/name-model.ts';
import { nameTable } from './names/name-table.ts';
import { placeNames } from './names/place-run.ts';
import { NameTagger } from './names/name-tagger.ts';
import { Dispatcher } from './scan/dispatcher.ts';
import { Engine } from './scan/engine.ts';
import { Reading } from './scan/reading.ts';
import type { Surrogates } from './surrogates.ts';

export interface ScannerOptions {
  /** Names in any case; without it the types that are on by default. */
  types?: readonly string[];
  /** From 0 to 1; what is less sure is left out. */
  minConfidence?: number;
  /** A language tag such as `en-GB`: numbers as they are written in its country need no word of context. */
  locale?: string;
  /** Whether findings say by which rule they were made. */
  explain?: boolean;
  /** Asked between values, and between pieces of long texts: true ends the scan. */
  isEnded?: () => boolean;
}

export const DEFAULT_CONFIDENCE = 0.5;

/** The country of a language tag, or the one where most speak the language; empty when the tag is none. */
function regionOf(locale: string | undefined): string {
  try {
    return locale ? (new Intl.Locale(locale).maximize().region ?? '') : '';
  } catch {
    return '';
  }
}

function taggerFor(wanted: ReadonlySet<string>, reading: Reading): NameTagger | null {
  const persons = wanted.has('PERSON');
  const places = wanted.has('LOCATION');
  return persons || places
    ? new NameTagger(nameTable(), reading, persons ? nameModel() : null, places ? placeNames() : null)
    : null;
}

/** So many choices of types are remembered: to lay out the rules takes longer than to read most texts. */
const LAYOUTS_KEPT = 32;
const layouts = new Map<string, Dispatcher>();

function layoutFor(wanted: ReadonlySet<string>): Dispatcher {
  const name = [...wanted].sort().join(' ');
  let layout = layouts.get(name);
  if (layout) return layout;
  layout = new Dispatcher(allDetectors, wanted);
  if (layouts.size >= LAYOUTS_KEPT) layouts.delete(layouts.keys().next().value!);
  layouts.set(name, layout);
  return layout;
}

/**
 * Finds personal data and secrets. May be used for any number of texts, one at a time; all it
 * keeps of them is what the keys of JSON are called.
 */
export class PiiScanner {
  readonly types: readonly string[];
  readonly #engine: Engine;
  readonly #json: JsonScan;

  /** @throws UnknownPiiType */
  constructor(options: ScannerOptions = {}) {
    this.types = options.types?.map(piiTypeNamed) ?? piiTypes.filter((info) => info.defaultOn).map((info) => info.type);
    const { minConfidence = DEFAULT_CONFIDENCE, explain = false } = options;
    const wanted = new Set(this.types);
    const reading = new Reading();
    const tagger = taggerFor(wanted, reading);
    this.#engine = new Engine(layoutFor(wanted), tagger, { minConfidence, explain }, reading);
    this.#json = new JsonScan(this.#engine);
    this.#engine.reading.isEnded = options.isEnded ?? null;
    this.#engine.reading.region = regionOf(options.locale);
  }

  /** Findings in order of their place, none over another. @throws ScanEnded */
  scanText(text: string): Finding[] {
    return this.#engine.read(text) ?? [];
  }

  /**
   * `source` is JSON text that `JSON.parse` has accepted. The text is walked, not the parsed value, so that numbers are
   * seen as they were written. Keys are context for their values. Offsets count in the decoded string. `each` gets the
   * matched value too and must not keep it. What is in one of `surrogates` is left out.
   *
   * @throws ScanEnded
   */
  scanJson(
    source: string,
    each?: (finding: JsonFinding, value: string) => void,
    surrogates?: Surrogates,
  ): JsonFinding[] {
    const all: JsonFinding[] = [];
    this.scanJsonTokens(source, (found, value, { start }, path) => {
      const findings = surrogates?.beside(start, found) ?? found;
      if (findings.length === 0) return;
      const pointer = path.pointer(source);
      for (const finding of findings) {
        const there = withPath(finding, pointer);
        all.push(there);
        each?.(there, value.slice(there.start, there.end));
      }
    });
    return all;
  }

  /** For what rewrites JSON: findings by the token they were found in. @throws ScanEnded */
  scanJsonTokens(source: string, found: Found): void {
    this.#json.scan(source, found);
  }
}
