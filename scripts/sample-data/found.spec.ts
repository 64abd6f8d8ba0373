import { PiiScanner } from '#pii';
import { writeSample } from './sample.ts';

describe('a scan of the sample', () => {
  it('finds every value that was planted, by its type, and nothing else', () => {
    const chunks: Buffer[] = [];
    const values = new Set<string>();
    const planted: string[] = [];
    const expected = writeSample(
      6_000_000,
      11,
      (bytes) => chunks.push(Buffer.from(bytes)),
      (line) => planted.push(line),
    );
    const scanner = new PiiScanner();
    const found: Record<string, number> = {};
    const bad = new Set(expected.bad_lines);
    const lines = Buffer.concat(chunks).toString('utf8').split('\n').filter(Boolean);
    for (const line of lines.filter((_, index) => !bad.has(index + 1))) {
      scanner.scanJson(line, ({ type }, value) => {
        found[type] = (found[type] ?? 0) + 1;
        values.add(value.split('\n').at(2) ?? value);
      });
    }
    expect(planted.filter((value) => !values.has(value))).toEqual([]);
    expect(found).toEqual(expected.planted);
  });
});
