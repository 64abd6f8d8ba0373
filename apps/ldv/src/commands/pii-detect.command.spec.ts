import { PassThrough, Readable, type Writable } from 'node:stream';
import { detectPii, type DetectOptions } from './pii-detect.command.ts';

async function run(input: string, options: Partial<DetectOptions> = {}) {
  const [written, said]: string[][] = [[], []];
  const to = (texts: string[]): Writable =>
    new PassThrough().on('data', (chunk: Buffer) => texts.push(chunk.toString()));
  const streams = { input: Readable.from([Buffer.from(input)]), output: to(written!), errors: to(said!) };
  const code = await detectPii({ jsonl: true, offsets: 'utf16', labels: 'common', ...options }, streams);
  const lines = written!.join('').split('\n').filter(Boolean);
  return {
    code,
    lines: lines.map((line) => JSON.parse(line) as { id: unknown; spans: object[] }),
    said: said!.join(''),
  };
}

const line = (id: unknown, text: string): string => `${JSON.stringify({ id, text })}\n`;

describe('ldv pii detect', () => {
  it('answers each line with its id and the spans in it, in order', async () => {
    const input =
      line(1, 'Write to jane@example.com') + line('b', 'nothing') + line(null, 'IBAN DE89370400440532013000');
    const { code, lines } = await run(input);
    expect([code, lines.map(({ id }) => id)]).toEqual([0, [1, 'b', null]]);
    expect(lines[0]!.spans).toEqual([
      { type: 'EMAIL_ADDRESS', start: 9, end: 25, score: expect.any(Number) as number },
    ]);
    expect(lines[1]!.spans).toEqual([]);
    expect(lines[2]!.spans).toMatchObject([{ type: 'IBAN', start: 5, end: 27 }]);
  });

  it.each([
    ['utf16', 12],
    ['codepoint', 9],
    ['byte', 22],
  ] as const)('counts in %s', async (offsets, start) => {
    const { lines } = await run(line(1, '👩‍👩‍👧 at jane@example.com'), { offsets });
    expect(lines[0]!.spans[0]).toMatchObject({ type: 'EMAIL_ADDRESS', start });
  });

  it('names types as corpora do, and says what they are more exactly', async () => {
    const text = line(1, 'BSN 111222333');
    expect((await run(text)).lines[0]!.spans).toMatchObject([{ type: 'NATIONAL_ID', subtype: 'NL_BSN' }]);
    const exact = (await run(text, { labels: 'exact' })).lines[0]!.spans;
    expect(exact).toMatchObject([{ type: 'NL_BSN' }]);
    expect(exact[0]).not.toHaveProperty('subtype');
  });

  it('searches for every type there is, also those that are off elsewhere', async () => {
    const { lines } = await run(line(1, 'She lives in Berlin.'));
    expect(lines[0]!.spans).toMatchObject([{ type: 'LOCATION' }]);
  });

  it('says which lines it could not read, without what is in them, and goes on', async () => {
    const { code, lines, said } = await run(`${line(1, 'a')}{"id":2,"txt":"secret-word"}\nnot json\n${line(4, 'b')}`);
    expect([code, lines.map(({ id }) => id)]).toEqual([2, [1, 4]]);
    expect(said).toBe('line 2: expected an object with a text\nline 3: expected an object with a text\n');
  });

  it('reads a line that came in pieces, and a last one without an end', async () => {
    const text = line(1, `x ${'y'.repeat(300_000)} jane@example.com`).trimEnd();
    const { lines } = await run(text);
    expect(lines[0]!.spans).toHaveLength(1);
  });

  it('takes all of the input for one text without --jsonl', async () => {
    const { lines } = await run('one\njane@example.com\n', { jsonl: false });
    expect(lines).toMatchObject([{ spans: [{ type: 'EMAIL_ADDRESS', start: 4, end: 20 }] }]);
  });
});
