import { RecordCheck } from './record.check.ts';
import type { RecordKind } from './record-kinds.ts';
import { schemaIssues, SchemaValidator } from './schema.validator.ts';

const wrongOfKind = (kind: RecordKind, record: unknown) =>
  new RecordCheck({ id: kind, kind, schema: null }).wrongIn(JSON.stringify(record))?.path ?? null;
const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
const user = { role: 'user', content: 'Hello' };

describe('the kinds of records', () => {
  it.each<[RecordKind, unknown, string | null]>([
    ['chat', { messages: [user, { role: 'assistant', content: 'Hi' }] }, null],
    ['chat', { messages: [user, { role: 'assistant', content: null, tool_calls: [call('a')] }] }, null],
    ['chat', { messages: [] }, '/messages'],
    ['chat', { messages: [{ role: 'robot', content: 'x' }] }, '/messages/0/role'],
    ['chat', { messages: [{ role: 'user', content: null }] }, '/messages/0/content'],
    ['chat', { messages: [{ ...user, tool_calls: [call('a')] }] }, '/messages/0/role'],
    ['chat', { messages: [user, { role: 'tool', content: 'x', tool_call_id: 'b' }] }, '/messages/1/tool_call_id'],
    ['chat', { messages: [{ role: 'tool', content: 'x' }] }, '/messages/0/tool_call_id'],
    ['completion', { prompt: 'a', completion: 'b' }, null],
    ['completion', { prompt: 'a' }, '/completion'],
    ['preference', { prompt: [user], chosen: 'a', rejected: 'b' }, null],
    ['preference', { prompt: 'a', chosen: 1, rejected: 'b' }, '/chosen'],
    ['eval', { input: 'a', expected: 4 }, null],
    ['eval', { input: 'a' }, '/expected'],
    ['text', 'words', null],
    ['text', { text: 'words' }, null],
    ['text', 7, ''],
  ])('%s: %j is wrong at %j', (kind, record, path) => {
    expect(wrongOfKind(kind, record)).toBe(path);
  });
});

describe('a schema from outside', () => {
  it.each<[string, unknown, string]>([
    ['is a JSON Schema', { type: 'thing' }, '/schema/type'],
    ['names nothing elsewhere', { $ref: 'https://example.org/schema' }, '/schema/$ref'],
    ['names what is there', { items: { $ref: '#/$defs/none' } }, '/schema/items/$ref'],
    [
      'has patterns that take no time',
      { properties: { a: { pattern: '(a+)+(?=b)$' } } },
      '/schema/properties/a/pattern',
    ],
    ['compares few things with one another', { uniqueItems: true }, '/schema/uniqueItems'],
    ['is of the one draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, '/schema/$schema'],
    ['has no name of its own', { $id: 'https://example.org/' }, '/schema/$id'],
  ])('%s', (_, schema, pointer) => {
    expect(schemaIssues(schema).map((issue) => issue.pointer)).toEqual([pointer]);
  });

  it('says where a record breaks which of its rules, and nothing of what it says', () => {
    const schema = {
      properties: { lang: { pattern: '^[a-z]{2}$' }, 'jane@example.org': { type: 'null' } },
      required: ['text'],
    };
    expect(schemaIssues(schema)).toEqual([]);
    const validator = new SchemaValidator(schema);
    expect(validator.wrongWith({ text: 'a', lang: 'en' }, 30)).toBeNull();
    expect(validator.wrongWith({ text: 'a', lang: 'English' }, 30)).toEqual({
      path: '/lang',
      reason: 'breaks "pattern" of the schema',
    });
    expect(validator.wrongWith({ lang: 'en' }, 30)).toMatchObject({ path: '/text' });
    expect(validator.wrongWith({ text: 'a', 'jane@example.org': 1 }, 30)).toMatchObject({ path: '/*' });
    expect(new SchemaValidator({ required: ['constructor'] }).wrongWith({}, 2)).toMatchObject({ path: '/constructor' });
  });

  it('that would take for ever lets nothing pass', () => {
    const twice = { properties: { a: { $ref: '#' } } };
    const costly = [
      { allOf: [twice, twice] },
      { anyOf: [{ not: { ...twice } }, twice, { allOf: [twice, { not: {} }] }] },
      { $ref: '#' },
    ];
    const deep: unknown = JSON.parse('{"a":'.repeat(60) + '1' + '}'.repeat(60));
    for (const schema of costly) {
      expect(schemaIssues(schema)).toEqual([]);
      expect(new SchemaValidator(schema).wrongWith(deep, 400)).toMatchObject({
        reason: expect.stringContaining('steps'),
      });
    }
  });
});
