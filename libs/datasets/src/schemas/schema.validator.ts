import { createRequire } from 'node:module';
import type * as Ajv from 'ajv/dist/2020.js';
import type { Issue } from '#kernel';
import { keysOf, LinearTest, pathOf } from '#pii';
import { STEP, walked } from './schema.walk.ts';

/** Loaded on threads that have a schema to look at, and on no other. */
const load = createRequire(import.meta.url);

/** Where a record is not what it is to be, and the rule it breaks; never what stands there. */
export interface Wrong {
  path: string;
  reason: string;
}

const MAX_STEPS = 20_000_000;
const STEPS = 20_000;
const STEPS_FOR_A_BYTE = 200;

/** What is left of the steps that one record may take: a small schema can ask for more than anybody has time for. */
class Budget {
  #left = 0;

  begin(bytes: number): void {
    this.#left = Math.min(MAX_STEPS, STEPS + STEPS_FOR_A_BYTE * bytes);
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new RangeError('more steps than a record may take');
  }
}

function tools(): typeof Ajv {
  return load('ajv/dist/2020.js') as typeof Ajv;
}

/** What is wrong with a schema: what it holds that is no JSON Schema, or more than may be asked for. */
export function schemaIssues(schema: unknown): Issue[] {
  const { Ajv2020 } = tools();
  const { issues } = walked(schema);
  if (issues.length > 0) return issues;
  const meta = new Ajv2020({ strict: false, logger: false, validateFormats: false });
  if (meta.validateSchema(schema as object) !== true) {
    const { path, reason } = wrongOf(meta.errors ?? []);
    return [{ pointer: `/schema${path}`, detail: `No JSON Schema: ${reason}` }];
  }
  try {
    new SchemaValidator(schema);
    return [];
  } catch {
    return [{ pointer: '/schema', detail: 'No JSON Schema: it cannot be made sense of' }];
  }
}

/** A schema that was looked at, made ready. */
export class SchemaValidator {
  readonly #budget = new Budget();
  readonly #validate: Ajv.ValidateFunction;

  constructor(schema: unknown) {
    const { Ajv2020 } = tools();
    const ajv = new Ajv2020({
      strict: false,
      logger: false,
      meta: false,
      validateSchema: false,
      validateFormats: false,
      // A schema that names a large part often would otherwise be written out as often.
      inlineRefs: false,
      // What every object has by birth is no member of a record.
      ownProperties: true,
      code: { regExp: Object.assign((pattern: string) => this.#pattern(pattern), { code: 'linear' }) },
    });
    const validate = (weight: number): boolean => {
      this.#budget.spend(weight);
      return true;
    };
    ajv.addKeyword({ keyword: STEP, before: '$ref', schemaType: 'number', errors: false, validate });
    this.#validate = ajv.compile(walked(schema).schema as object);
  }

  /** The first thing that is wrong; null when nothing is. */
  wrongWith(value: unknown, bytes: number): Wrong | null {
    this.#budget.begin(bytes);
    try {
      return this.#validate(value) ? null : wrongOf(this.#validate.errors ?? []);
    } catch (error) {
      // Out of steps, or round in a circle: what cannot be looked at to its end does not pass.
      if (error instanceof RangeError) return { path: '', reason: 'takes more steps to check than one may' };
      throw error;
    }
  }

  #pattern(source: string): { test: (text: string) => boolean; toString: () => string } {
    const pattern = new LinearTest(source);
    const test = (text: string): boolean => {
      this.#budget.spend(1 + text.length * (1 + pattern.ways));
      return pattern.test(text);
    };
    return { test, toString: () => JSON.stringify(source) };
  }
}

/** Ajv tells of what lies inside first, and only then of what that belongs to. */
function wrongOf(errors: readonly Pick<Ajv.ErrorObject, 'keyword' | 'instancePath' | 'params'>[]): Wrong {
  const last = errors.at(-1);
  const told = last?.keyword === 'if' ? errors[0] : last;
  if (!told) return { path: '', reason: 'is not what the schema asks for' };
  const keys = keysOf(told.instancePath);
  const { missingProperty } = told.params as { missingProperty?: unknown };
  if (typeof missingProperty === 'string') keys.push(missingProperty);
  return { path: pathOf(keys), reason: `breaks "${told.keyword}" of the schema` };
}
