import { type Json, mergePatch, parseLossless } from './merge-patch.ts';

describe('a merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each<[string, string, string]>([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('on %s of %s gives %s', (target, patch, result) => {
    expect(JSON.stringify(mergePatch(JSON.parse(target) as Json, JSON.parse(patch) as Json))).toBe(result);
  });

  it('leaves numbers it does not touch as they were written', () => {
    const target = '{"big":12345678901234567890,"exact":1.50,"small":1e-400,"a":1}';
    const patched = mergePatch(parseLossless(target), { a: 2 });
    expect(JSON.stringify(patched)).toBe('{"big":12345678901234567890,"exact":1.50,"small":1e-400,"a":2}');
  });

  it('reaches no prototype', () => {
    const patched = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}') as Json);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(patched)).toBe(Object.prototype);
  });
});
