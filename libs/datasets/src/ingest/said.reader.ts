import { isPersonal, type PiiScanner } from '#pii';
import { valueAt } from '../duplicates/shingles.ts';
import { isObject, isRawJSON, parseExactly, type Value } from '../export/exact-json.ts';
import { isPlainText, MOST_SAID } from '../writes/attributes.ts';
import type { LineError } from './line-error.ts';
import type { SaidFrom, SaidOf } from './segment.task.ts';

type Wrong = Omit<LineError, 'line'>;

/** What many lines say is looked at once. */
const KNOWN = 10_000;

/** Reads out of lines what is to be said of their records beside the content: by the rules of single writes. */
export class SaidReader {
  readonly #from: SaidFrom;
  readonly #scanner: PiiScanner;
  readonly #known = new Map<string, SaidOf | Wrong>();

  constructor(from: SaidFrom, scanner: PiiScanner) {
    this.#from = from;
    this.#scanner = scanner;
  }

  /** What a line says, or what is wrong with that; never the value. */
  of(text: string): SaidOf | Wrong {
    const line = parseExactly(text);
    const values: Record<string, Value> = {};
    for (const [name, pointer] of Object.entries(this.#from)) {
      const value = valueAt(line, pointer);
      if (value !== undefined && value !== null) values[name] = value;
    }
    const key = JSON.stringify(values);
    const known = this.#known.get(key);
    if (known) return known;
    const said = this.#checked(values);
    if (this.#known.size < KNOWN) this.#known.set(key, said);
    return said;
  }

  #checked(values: Record<string, Value>): SaidOf | Wrong {
    const said: SaidOf = { labels: null, split: null, source: null, license: null, language: null, metadata: null };
    for (const name of ['split', 'source', 'license', 'language'] as const) {
      const value = values[name];
      if (value === undefined) continue;
      if (!isText(value, MOST_SAID[name]))
        return wrongIn(name, `expected a text of 1 to ${MOST_SAID[name]} characters`);
      said[name] = value;
    }
    if (values['labels'] !== undefined) {
      said.labels = labelsOf(values['labels']);
      const { count, each } = MOST_SAID.labels;
      if (!said.labels) return wrongIn('labels', `expected at most ${count} texts of 1 to ${each} characters`);
    }
    if (values['metadata'] !== undefined) {
      said.metadata = metadataOf(values['metadata']);
      const { count, text } = MOST_SAID.metadata;
      const expected = `expected at most ${count} fields: texts of at most ${text} characters, numbers, true or false`;
      if (!said.metadata) return wrongIn('metadata', expected);
    }
    return this.#personal(values) ?? said;
  }

  /** It would lie in plain sight. */
  #personal(values: Record<string, Value>): Wrong | null {
    for (const [name, value] of Object.entries(values)) {
      const found = this.#scanner.scanJson(JSON.stringify({ [name]: value }));
      if (found.some(({ risk }) => isPersonal(risk)))
        return wrongIn(name as keyof SaidFrom, 'personal data, where it would be kept in plain sight');
    }
    return null;
  }
}

/** Not where in the line, as that was sent. */
function wrongIn(name: keyof SaidFrom, reason: string): Wrong {
  return { reason: `${name}: ${reason}` };
}

export function isWrong(said: SaidOf | Wrong): said is Wrong {
  return 'reason' in said;
}

function isText(value: Value, most: number, least = 1): value is string {
  return typeof value === 'string' && value.length >= least && value.length <= most && isPlainText(value);
}

/** One text is one label. */
function labelsOf(value: Value): string[] | null {
  const labels = Array.isArray(value) ? value : [value];
  const { count, each } = MOST_SAID.labels;
  return labels.length <= count && labels.every((label) => isText(label, each)) ? labels : null;
}

function metadataOf(value: Value): SaidOf['metadata'] {
  if (!isObject(value)) return null;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  const { name: mostName, text, count } = MOST_SAID.metadata;
  const isFit = ([name, field]: [string, Value]): boolean =>
    isText(name, mostName) && (isText(field, text, 0) || (typeof field !== 'string' && isPlain(field)));
  if (fields.length > count || !fields.every(isFit)) return null;
  return Object.fromEntries(fields) as SaidOf['metadata'];
}

function isPlain(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'boolean' || isRawJSON(value);
}
