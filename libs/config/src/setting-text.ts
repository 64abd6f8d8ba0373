import type { SettingKind } from './setting.ts';

/** What was expected of a text, for the operator to read. */
export const EXPECTED: Record<SettingKind, string> = {
  text: 'expected text',
  number: 'expected a number such as 10 or 0.5',
  boolean: 'expected true or false',
  'list of text': 'expected values separated by commas',
  'list of number': 'expected numbers separated by commas',
};

/**
 * The value a text stands for, or undefined when it is none of that kind. Strict on purpose: `Number()` would take "",
 * "0x1F" and "1e3", and a `yes` that is quietly false has switched safety off before.
 */
export function valueOf(text: string, kind: SettingKind): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'list of text':
      return listOf(text, 'text');
    case 'list of number':
      return listOf(text, 'number');
  }
}

function listOf(text: string, kind: 'text' | 'number'): unknown {
  if (text.trim() === '') return [];
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) return undefined;
  const values = items.map((item) => valueOf(item, kind));
  return values.includes(undefined) ? undefined : values;
}
