import type { z } from 'zod';

/** How a setting is written as text. */
export type SettingKind = 'text' | 'number' | 'boolean' | 'list of text' | 'list of number';

/** One setting: a leaf of the schema. */
export interface Setting {
  /** As the operator types it: `VAULT__STORAGE__S3__BUCKET`. */
  name: string;
  path: readonly string[];
  kind: SettingKind;
  description: string;
  secret: boolean;
  /** Undefined when there is none. */
  defaultValue: unknown;
}

export interface SettingTree {
  settings: Setting[];
  /** Paths of the sections that are always there, outer ones first, so that their own defaults come to bear. */
  sections: (readonly string[])[];
}

interface Unwrapped {
  /** The schema below defaults, optionals and the like. */
  core: z.core.$ZodTypes;
  description: string;
  secret: boolean;
  optional: boolean;
  defaultValue: unknown;
}

export function settingName(path: readonly PropertyKey[]): string {
  return ['VAULT', ...path.map((key) => String(key).toUpperCase())].join('__');
}

/**
 * Every setting of a schema made of nested zod objects, in the order of the schema.
 *
 * @throws Error when a setting is of a kind that text cannot carry: a mistake of the programmer, not of the operator.
 */
export function settingTree(schema: z.ZodObject): SettingTree {
  const tree: SettingTree = { settings: [], sections: [] };
  addSection(tree, schema.shape, []);
  return tree;
}

function addSection(tree: SettingTree, shape: z.core.$ZodShape, parent: readonly string[]): void {
  for (const [key, member] of Object.entries(shape)) {
    const path = [...parent, key];
    const { core, ...facts } = unwrap(member);
    if (core._zod.def.type === 'object') {
      if (!facts.optional) tree.sections.push(path);
      addSection(tree, core._zod.def.shape, path);
    } else {
      const { description, secret, defaultValue } = facts;
      tree.settings.push({
        name: settingName(path),
        path,
        kind: kindOf(core, path),
        description,
        secret,
        defaultValue,
      });
    }
  }
}

/** Goes through wrappers to the schema inside; what is said about the setting may stand on any of the layers. */
function unwrap(schema: z.core.$ZodType): Unwrapped {
  const core = schema as z.core.$ZodTypes;
  const meta = metaOf(schema);
  const inner = innerOf(core);
  if (!inner) return { core, ...meta, optional: false, defaultValue: undefined };
  const below = unwrap(inner);
  const { def } = core._zod;
  return {
    core: below.core,
    description: meta.description || below.description,
    secret: meta.secret || below.secret,
    optional: below.optional || def.type === 'optional',
    defaultValue: def.type === 'default' || def.type === 'prefault' ? def.defaultValue : below.defaultValue,
  };
}

function metaOf(schema: z.core.$ZodType): { description: string; secret: boolean } {
  const meta = 'meta' in schema && typeof schema.meta === 'function' ? (schema as z.ZodType).meta() : undefined;
  return { description: meta?.description ?? '', secret: meta?.['secret'] === true };
}

function innerOf({ _zod: { def } }: z.core.$ZodTypes): z.core.$ZodType | null {
  switch (def.type) {
    case 'default':
    case 'prefault':
    case 'optional':
    case 'nonoptional':
    case 'nullable':
    case 'readonly':
    case 'catch':
      return def.innerType;
    case 'pipe':
      return def.in;
    default:
      return null;
  }
}

function kindOf(core: z.core.$ZodTypes, path: readonly string[]): SettingKind {
  const { def } = core._zod;
  switch (def.type) {
    case 'string':
    case 'enum':
    case 'union':
    case 'template_literal':
      return 'text';
    case 'literal':
      return def.values.every((value) => typeof value === 'number') ? 'number' : 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return kindOf(unwrap(def.element).core, path) === 'number' ? 'list of number' : 'list of text';
    default:
      throw new Error(`${settingName(path)} is of a kind that text cannot carry: ${def.type}`);
  }
}
