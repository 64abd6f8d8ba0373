import { parseExactly } from './exact-json.ts';
import { columnsOf, merged, rowOf, type Shape, shapeOf } from './shape.ts';
import { templates } from './templates/templates.ts';

describe('templates', () => {
  const SHARED = [
    { from: 'system', value: 'S' },
    { from: 'human', value: 'Q' },
    { from: 'gpt', value: 'A' },
  ];
  const CHAT = [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'Q' },
    { role: 'assistant', content: 'A' },
  ];

  it.each([
    ['openai-chat', { conversations: SHARED }, { messages: CHAT }],
    ['sharegpt', { messages: CHAT, tools: [] }, { conversations: SHARED, tools: '[]' }],
    [
      'alpaca',
      { messages: [...CHAT, CHAT[1], CHAT[2]] },
      { instruction: 'Q', input: '', output: 'A', system: 'S', history: [['Q', 'A']] },
    ],
    ['openai-chat', { system: 'S', instruction: 'Q', output: 'A' }, { messages: CHAT }],
    ['openai-chat', { prompt: CHAT.slice(0, 2), completion: [CHAT[2]] }, { messages: CHAT }],
    [
      'dpo',
      { chosen: CHAT, rejected: [...CHAT.slice(0, 2), { role: 'assistant', content: 'B' }] },
      { prompt: CHAT.slice(0, 2), chosen: [CHAT[2]], rejected: [{ role: 'assistant', content: 'B' }] },
    ],
    [
      'dpo',
      { input: { messages: [CHAT[1]] }, preferred_output: [CHAT[2]], non_preferred_output: 'B' },
      { prompt: [CHAT[1]], chosen: [CHAT[2]], rejected: [{ role: 'assistant', content: 'B' }] },
    ],
    ['text', 'plain', { text: 'plain' }],
    [
      'text',
      { instruction: 'Q', input: 'I', output: 'A' },
      { text: '### Instruction:\nQ\n\n### Input:\nI\n\n### Response:\nA' },
    ],
    [
      'text',
      { messages: CHAT.slice(1) },
      { text: '<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n' },
    ],
  ] as const)('tell it as %s', (name, record, told) => {
    expect(templates[name](record as never)).toEqual(told);
  });

  it.each([
    ['openai-chat', { text: 'x' }],
    ['openai-chat', { messages: [{ role: 'user', content: 'Q' }] }],
    ['openai-chat', { messages: [{ role: 'robot', content: 'Q' }] }],
    ['openai-chat', { messages: [{ role: 'assistant' }] }],
    ['openai-chat', { messages: [] }],
    ['alpaca', { messages: [CHAT[2], CHAT[1]] }],
    ['alpaca', { messages: [CHAT[1], { role: 'user', content: [{ type: 'image_url' }] }] }],
    ['dpo', { prompt: 'Q', chosen: 'A' }],
    ['dpo', { chosen: 'A', rejected: 'B' }],
    ['text', 7],
  ] as const)('refuse as %s what has no place in it: %j', (name, record) => {
    expect(() => templates[name](record as never)).toThrow();
  });
});

describe('a shape', () => {
  const of = (...values: unknown[]): Shape =>
    values.map((value) => shapeOf(rowOf(parseExactly(JSON.stringify(value))))).reduce(merged, { kind: 'nothing' });

  it('is what all records have in common', () => {
    const fields = (shape: Shape): unknown =>
      Object.fromEntries([...columnsOf(shape).fields].map(([key, { kind }]) => [key, kind]));
    expect(fields(of({ a: 1, b: null }, { a: 1.5, c: [] }, { b: 'x' }))).toEqual({ a: 'number', b: 'text', c: 'list' });
    expect(fields(of({ a: 'x' }, { a: { b: 1 } }))).toEqual({ a: 'json' });
    expect(fields(of({ a: {} }, { a: '\ud800' }))).toEqual({ a: 'json' });
    expect(fields(of(7, { a: 1 }))).toEqual({ value: 'integer', a: 'integer' });
  });

  it('keeps every digit of a number', () => {
    const text = '{"a":12345678901234567890,"b":0.12345678901234567,"c":1.0,"d":[9007199254740993]}';
    expect(JSON.stringify(parseExactly(text))).toBe(text.replace('1.0', '1'));
    const { fields } = columnsOf(shapeOf(parseExactly(text)));
    expect([fields.get('a')?.kind, fields.get('b')?.kind, fields.get('d')]).toEqual([
      'json',
      'number',
      { kind: 'list', of: { kind: 'integer' } },
    ]);
  });
});
