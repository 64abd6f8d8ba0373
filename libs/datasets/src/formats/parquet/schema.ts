import type { SchemaElement, SchemaTree } from 'hyparquet';
import { pathOf } from '#pii';
import { isListLike, isMapLike } from 'hyparquet/src/schema.js';

export { isListLike, isMapLike };

const NOT_JSON = new Set(['BSON', 'INTERVAL', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY']);

/**
 * The schema as the reader is to see it: lists, maps and JSON by the older mark too, which is the one it knows; and decimals
 * as what they are stored as, since it would make them floating point numbers, which are others.
 */
export function readableSchema(schema: readonly SchemaElement[]): SchemaElement[] {
  return schema.map((element) => {
    const { converted_type: converted, logical_type: logical, precision = 0, scale = 0 } = element;
    if (!converted && (logical?.type === 'LIST' || logical?.type === 'MAP' || logical?.type === 'JSON')) {
      return { ...element, converted_type: logical.type };
    }
    if (converted !== 'DECIMAL') return element;
    return { ...element, converted_type: undefined, logical_type: { type: 'DECIMAL', precision, scale } };
  });
}

/** What no JSON can be made of, as words, or null. */
export function unreadableIn(schema: readonly SchemaElement[]): string | null {
  if (schema.some(({ name }) => name === '__proto__')) return 'A column may not be called __proto__';
  const kind = schema
    .flatMap((each) => [each.converted_type, each.logical_type?.type])
    .find((name) => NOT_JSON.has(name ?? ''));
  return kind ? `Columns of ${kind} cannot be read` : null;
}

/** What a column holds, for people: `list<struct<role: string, content: string>>`. */
export function typeName(node: SchemaTree, inList = false): string {
  const { element, children } = node;
  if (element.repetition_type === 'REPEATED' && !inList) return `list<${typeName(node, true)}>`;
  if (isListLike(node)) return `list<${typeName(elementOf(node), true)}>`;
  if (isMapLike(node)) return `map<${typeName(children[0]!.children[1]!)}>`;
  if (children.length > 0)
    return `struct<${children.map((child) => `${nameOf(child)}: ${typeName(child)}`).join(', ')}>`;
  const { logical_type: logical, converted_type: converted, type } = element;
  if (converted === 'UTF8') return 'string';
  return (logical?.type ?? converted ?? type ?? '').toLowerCase();
}

const nameOf = ({ element }: SchemaTree): string => pathOf([element.name]).slice(1);

/** What a list is a list of: its repeated group has one child, or is the element itself. */
export function elementOf(list: SchemaTree): SchemaTree {
  const repeated = list.children[0]!;
  return repeated.children.length === 1 ? repeated.children[0]! : repeated;
}
