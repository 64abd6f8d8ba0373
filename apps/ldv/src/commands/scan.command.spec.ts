import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { Scan, type ScanOptions } from './scan.command.ts';

const SSN = ['536', '22', '8726'].join('-');
const FILES: Record<string, string | Buffer> = {
  'people.csv': `name;ssn;note\nAnn;${SSN};"two\nlines"\n`,
  'chat/day.jsonl':
    '{"text":"none"}\n{"messages":[{"content":"write to jane.miller@example.com"}]}\nno json jane@example.com\n',
  'notes.txt': 'first\n  reach jane.miller@example.com today\n',
  'doc.json': '{\n "contact": {\n  "mail": "jane.miller@example.com"\n }\n}\n',
  'packed.txt.gz': gzipSync('jane.miller@example.com\n'),
  'image.bin': Buffer.from([1, 0, 2, 3]),
  'node_modules/skipped.txt': 'jane.miller@example.com',
};

interface Item {
  file: string;
  line: number;
  column: number | null;
  path: string | null;
  type: string;
  known: boolean;
}

describe('ldv scan', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ldv-scan-'));
    for (const [name, content] of Object.entries(FILES)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), content);
    }
  });

  async function run(options: Partial<ScanOptions> = {}, paths = [dir]) {
    const [out, said]: string[][] = [[], []];
    const to = (texts: string[]): Writable =>
      new PassThrough().on('data', (chunk: Buffer) => texts.push(chunk.toString()));
    const all: ScanOptions = {
      types: ['EMAIL_ADDRESS', 'US_SSN'],
      failOn: 'low',
      format: 'json',
      updateBaseline: false,
      include: [],
      exclude: [],
      version: '0.0.0',
      ...options,
    };
    const code = await new Scan(all, { output: to(out!), errors: to(said!) }).run(paths);
    return { code, text: out!.join(''), said: said!.join('') };
  }
  const itemsOf = ({ text }: { text: string }): Item[] => (JSON.parse(text) as { items: Item[] }).items;
  const shown = ({ file, line, column, path, type }: Item): unknown[] => [
    file.slice(dir.length + 1),
    line,
    column,
    path,
    type,
  ];

  it('finds what is in text, JSON, JSONL, CSV and packed files, each with its place', async () => {
    const result = await run();
    expect(result.code).toBe(3);
    expect(itemsOf(result).map(shown)).toEqual([
      ['chat/day.jsonl', 2, null, '/messages/0/content', 'EMAIL_ADDRESS'],
      ['chat/day.jsonl', 3, 9, null, 'EMAIL_ADDRESS'],
      ['doc.json', 3, null, '/contact/mail', 'EMAIL_ADDRESS'],
      ['notes.txt', 2, 9, null, 'EMAIL_ADDRESS'],
      ['packed.txt.gz', 1, 1, null, 'EMAIL_ADDRESS'],
      ['people.csv', 3, null, 'ssn', 'US_SSN'],
    ]);
    expect(JSON.parse(result.text)).toMatchObject({ files: 5, skipped: 1, findings: 6, known: 0 });
  });

  it.each(['json', 'jsonl', 'table', 'sarif'] as const)('never shows a value as %s', async (format) => {
    const { text } = await run({ format });
    for (const value of ['jane', SSN]) expect(text).not.toContain(value);
  });

  it('fails from the risk on that it is told, and not below', async () => {
    expect((await run({ failOn: 'critical' })).code).toBe(3);
    expect((await run({ failOn: 'critical', types: ['EMAIL_ADDRESS'] })).code).toBe(0);
    expect((await run({ types: ['IBAN'] })).code).toBe(0);
  });

  it('reads only what is included, and nothing that is excluded', async () => {
    const files = async (options: Partial<ScanOptions>): Promise<string[]> =>
      itemsOf(await run(options)).map(({ file }) => file.slice(dir.length + 1));
    expect(await files({ include: ['*.txt'] })).toEqual(['notes.txt']);
    expect(await files({ exclude: ['*.jsonl', '*.csv', 'packed*'] })).toEqual(['doc.json', 'notes.txt']);
  });

  it('lives with what is in the baseline, and tells one more of the same', async () => {
    const baseline = join(dir, 'baseline.json');
    const exclude = ['baseline.json'];
    expect((await run({ baseline, updateBaseline: true, exclude })).code).toBe(0);
    expect(readFileSync(baseline, 'utf8')).not.toContain('jane');
    const same = await run({ baseline, exclude });
    expect([same.code, itemsOf(same).every(({ known }) => known)]).toEqual([0, true]);

    writeFileSync(join(dir, 'notes.txt'), `a new first line\n${String(FILES['notes.txt'])}`);
    expect((await run({ baseline, exclude })).code).toBe(0);
    writeFileSync(join(dir, 'notes.txt'), `${String(FILES['notes.txt'])}and write to ben@example.com\n`);
    const more = await run({ baseline, exclude });
    expect([more.code, itemsOf(more).filter(({ known }) => !known).length]).toEqual([3, 1]);
  });

  it('refuses a baseline that is none, before it reads anything', async () => {
    writeFileSync(join(dir, 'b.json'), '{"version":9}');
    await expect(run({ baseline: join(dir, 'b.json') })).rejects.toThrow('is no baseline');
  });

  it('writes SARIF 2.1.0 with a rule, a level, a place and a fingerprint for each', async () => {
    const { runs, version } = JSON.parse((await run({ format: 'sarif' })).text) as {
      version: string;
      runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
    };
    expect(version).toBe('2.1.0');
    expect(runs[0]!.tool.driver.rules.map(({ id }) => id)).toEqual(['EMAIL_ADDRESS', 'US_SSN']);
    expect(runs[0]!.results.find(({ ruleId }) => ruleId === 'US_SSN')).toMatchObject({
      ruleIndex: 1,
      level: 'error',
      baselineState: 'new',
      partialFingerprints: { 'ldv/v1': expect.stringMatching(/^[0-9a-f]{24}$/) as string },
      locations: [{ physicalLocation: { region: { startLine: 3 } } }],
    });
  });

  it('says which file it could not read, goes on, and ends with 2', async () => {
    writeFileSync(join(dir, 'broken.txt.gz'), 'no gzip at all');
    const result = await run({ failOn: 'critical', types: ['EMAIL_ADDRESS'] });
    expect([result.code, result.said]).toEqual([2, `${join(dir, 'broken.txt.gz')}: Z_DATA_ERROR\n`]);
    expect(itemsOf(result)).toHaveLength(5);
  });
});
