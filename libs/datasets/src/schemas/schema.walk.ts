import type { Issue } from '#kernel';
import { keysOf, LinearTest, pathOf } from '#pii';

/** What a schema may be, so that no thread is held up by one: it comes from outside. */
export const MAX_SCHEMA_BYTES = 64 * 1024;
const MAX_DEPTH = 32;
const MAX_SUBSCHEMAS = 2000;
/** What one character of a text may cost with all patterns together. */
const MAX_WAYS = 500;
/** Comparing everything with everything is only for the few. */
const MAX_UNIQUE = 256;

export type JsonSchema = { [keyword: string]: unknown };

/** Counts what an evaluation costs, before anything else of the subschema is looked at. */
export const STEP = 'vault:step';

const ONE = new Set([
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const LIST = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const MAP = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs']);
/** Names for places and other ways to get there than `$ref`, which is all it takes; and keywords of older drafts. */
const REFUSED = [
  '$id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$recursiveRef',
  '$recursiveAnchor',
  '$vocabulary',
  'dependencies',
  'definitions',
  'id',
  'nullable',
  'discriminator',
  STEP,
];
const REF = /^#(\/\$defs\/[^/]+)?$/;
const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** A schema with a step in each of its subschemas, and what in it is not allowed. */
export interface Walked {
  schema: unknown;
  issues: Issue[];
}

/** Looks at all of an untrusted schema. */
export function walked(root: unknown): Walked {
  const walk = new Walk(root);
  const schema = walk.subschema(root, []);
  return { schema, issues: walk.issues };
}

class Walk {
  readonly issues: Issue[] = [];
  readonly #names: Set<string>;
  #subschemas = 0;
  #ways = 0;

  constructor(root: unknown) {
    const names = isObject(root) && isObject(root['$defs']) ? Object.keys(root['$defs']) : [];
    this.#names = new Set(names);
  }

  subschema(schema: unknown, path: string[]): unknown {
    if (!isObject(schema)) return schema;
    this.#subschemas += 1;
    if (this.#subschemas > MAX_SUBSCHEMAS) return this.#refuse(path, 'Expected at most 2,000 schemas in one another');
    if (path.length > 2 * MAX_DEPTH) return this.#refuse(path, 'Expected at most 32 levels');
    this.#look(schema, path);
    const own = Object.entries(schema).filter(([keyword]) => !ONE.has(keyword) && !LIST.has(keyword));
    const weight = 1 + Math.ceil(JSON.stringify(own.filter(([keyword]) => !MAP.has(keyword))).length / 64);
    const inner = Object.entries(schema).map(([keyword, value]): [string, unknown] => [
      keyword,
      this.#inner(keyword, value, [...path, keyword]),
    ]);
    const { $schema: _draft, ...rest } = Object.fromEntries(inner);
    return { ...rest, [STEP]: weight };
  }

  #inner(keyword: string, value: unknown, path: string[]): unknown {
    if (ONE.has(keyword)) return this.subschema(value, path);
    if (LIST.has(keyword) && Array.isArray(value)) {
      return value.map((each, i) => this.subschema(each, [...path, String(i)]));
    }
    if (!MAP.has(keyword) || !isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => {
        if (keyword === 'patternProperties') this.#pattern(name, [...path, name]);
        return [name, this.subschema(each, [...path, name])];
      }),
    );
  }

  #look(schema: JsonSchema, path: string[]): void {
    for (const keyword of REFUSED) if (keyword in schema) this.#refuse([...path, keyword], 'Not supported here');
    const { $ref: ref, $schema: draft, pattern, uniqueItems, maxItems } = schema;
    if (draft !== undefined && draft !== DRAFT) this.#refuse([...path, '$schema'], 'Expected draft 2020-12');
    if (ref !== undefined && !this.#isKnown(ref)) {
      this.#refuse([...path, '$ref'], 'Expected #, or #/$defs/ and a name that the schema has there');
    }
    if (typeof pattern === 'string') this.#pattern(pattern, [...path, 'pattern']);
    if (uniqueItems === true && !(typeof maxItems === 'number' && maxItems <= MAX_UNIQUE)) {
      this.#refuse([...path, 'uniqueItems'], 'Expected with it a maxItems of at most 256');
    }
  }

  #isKnown(ref: unknown): boolean {
    const match = typeof ref === 'string' ? REF.exec(ref) : null;
    if (!match) return false;
    const [, name] = keysOf(match[1] ?? '');
    return name === undefined || (!name.includes('%') && this.#names.has(name));
  }

  #pattern(source: string, path: string[]): void {
    try {
      this.#ways += new LinearTest(source).ways;
      if (this.#ways > MAX_WAYS) this.#refuse(path, 'All patterns together are too large');
    } catch (error) {
      this.#refuse(path, error instanceof Error ? error.message : 'The pattern cannot be used');
    }
  }

  #refuse(path: string[], detail: string): boolean {
    if (this.issues.length < 100) this.issues.push({ pointer: `/schema${pathOf(path)}`, detail });
    return false;
  }
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
