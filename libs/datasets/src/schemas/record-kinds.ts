import type { JsonSchema } from './schema.walk.ts';

/** What a record is for. `free` is any JSON value; each of the others has a form of its own. */
export const RECORD_KINDS = ['free', 'chat', 'completion', 'preference', 'eval', 'text'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

const words = { type: 'string', minLength: 1 };
const parts = {
  type: 'array',
  minItems: 1,
  items: { type: 'object', required: ['type'], properties: { type: words } },
};

/** A condition, what holds where it does, and what else. By entries: an object with a `then` is taken for a promise. */
function when(condition: JsonSchema, yes: JsonSchema, no?: JsonSchema): JsonSchema {
  return Object.fromEntries([['if', condition], ['then', yes], ...(no ? [['else', no]] : [])] as [
    string,
    JsonSchema,
  ][]);
}

const toolCall = {
  type: 'object',
  required: ['id', 'type', 'function'],
  properties: {
    id: words,
    type: { const: 'function' },
    function: {
      type: 'object',
      required: ['name', 'arguments'],
      properties: { name: words, arguments: { type: 'string' } },
    },
  },
};

const message = {
  type: 'object',
  required: ['role'],
  properties: {
    role: { enum: ['system', 'developer', 'user', 'assistant', 'tool'] },
    content: { anyOf: [{ type: ['string', 'null'] }, parts] },
    name: { type: 'string' },
    tool_calls: { type: 'array', minItems: 1, items: toolCall },
    tool_call_id: words,
  },
  allOf: [
    when({ properties: { role: { const: 'tool' } } }, { required: ['tool_call_id'] }),
    // Only a model calls tools; whoever calls none says something.
    when(
      { required: ['tool_calls'] },
      { properties: { role: { const: 'assistant' } } },
      { required: ['content'], properties: { content: { type: ['string', 'array'] } } },
    ),
  ],
};

const messages = { type: 'array', minItems: 1, items: message };
const said = when({ type: 'array' }, messages, { type: 'string' });
const tool = {
  type: 'object',
  required: ['type', 'function'],
  properties: {
    type: { const: 'function' },
    function: { type: 'object', required: ['name'], properties: { name: words } },
  },
};

/** The form of each kind; members that it does not name may be there too. */
export const kindSchemas: Record<Exclude<RecordKind, 'free'>, JsonSchema> = {
  chat: {
    type: 'object',
    required: ['messages'],
    properties: { messages, tools: { type: 'array', items: tool } },
  },
  completion: { type: 'object', required: ['prompt', 'completion'], properties: { prompt: said, completion: said } },
  preference: {
    type: 'object',
    required: ['prompt', 'chosen', 'rejected'],
    properties: { prompt: said, chosen: said, rejected: said },
  },
  eval: {
    type: 'object',
    required: ['input', 'expected'],
    properties: { input: when({ type: 'array' }, messages, { type: ['string', 'object'] }) },
  },
  text: when({ type: 'object' }, { required: ['text'], properties: { text: words } }, words),
};

interface Spoken {
  role?: unknown;
  tool_calls?: { id: unknown }[];
  tool_call_id?: unknown;
}

/** Where a tool answers a call that nobody made before; null when each answers one. Of records that have the form. */
export function strayAnswer(record: unknown): string[] | null {
  const called = new Set<unknown>();
  for (const [i, { role, tool_calls: calls, tool_call_id: answers }] of (
    record as { messages: Spoken[] }
  ).messages.entries()) {
    for (const { id } of calls ?? []) called.add(id);
    if (role === 'tool' && !called.has(answers)) return ['messages', String(i), 'tool_call_id'];
  }
  return null;
}
