import { pathOf } from '#pii';
import { kindSchemas, type RecordKind, strayAnswer } from './record-kinds.ts';
import { SchemaValidator, type Wrong } from './schema.validator.ts';

/** What the records of a dataset must be. */
export interface RecordRules {
  /** Names this version of them everywhere. */
  id: string;
  kind: RecordKind;
  /** JSON. */
  schema: string | null;
}

/** Of so many datasets a thread keeps the rules ready. */
const KEPT = 32;

const ready = new Map<string, RecordCheck>();

/** Looks whether records are what their dataset asks for. On threads alone: getting ready takes a while. */
export class RecordCheck {
  readonly #rules: RecordRules;
  readonly #kind: SchemaValidator | null;
  readonly #schema: SchemaValidator | null;

  constructor(rules: RecordRules) {
    this.#rules = rules;
    this.#kind = rules.kind === 'free' ? null : new SchemaValidator(kindSchemas[rules.kind]);
    this.#schema = rules.schema === null ? null : new SchemaValidator(JSON.parse(rules.schema));
  }

  /** Of JSON text. */
  wrongIn(text: string): Wrong | null {
    const value: unknown = JSON.parse(text);
    return this.#wrongKind(value, text.length) ?? this.#schema?.wrongWith(value, text.length) ?? null;
  }

  #wrongKind(value: unknown, bytes: number): Wrong | null {
    const { kind } = this.#rules;
    const wrong = this.#kind?.wrongWith(value, bytes);
    if (wrong) return { ...wrong, reason: `is not of the kind ${kind}: ${wrong.reason}` };
    const stray = kind === 'chat' ? strayAnswer(value) : null;
    return stray && { path: pathOf(stray), reason: 'answers a call that was not made before' };
  }
}

/** Null where everything is right. */
export function checkBy(rules: RecordRules | null): RecordCheck | null {
  if (!rules) return null;
  const known = ready.get(rules.id);
  if (known) return known;
  const made = new RecordCheck(rules);
  if (ready.size >= KEPT) ready.delete(ready.keys().next().value!);
  ready.set(rules.id, made);
  return made;
}
