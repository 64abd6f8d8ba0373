import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { anonymizeFile, type AnonymizeOptions } from './anonymize.command.ts';

describe('ldv anonymize', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ldv-anonymize-'));
  });

  async function run(name: string, content: string, options: Partial<AnonymizeOptions> = {}): Promise<string> {
    const file = join(dir, name);
    writeFileSync(file, content);
    const output = join(dir, 'out');
    await anonymizeFile(
      file,
      {
        strategy: 'redact',
        strategies: [],
        inPlace: false,
        backup: false,
        types: ['EMAIL_ADDRESS', 'US_SSN'],
        output,
        ...options,
      },
      { output: new PassThrough() },
    );
    return readFileSync(options.inPlace ? file : output, 'utf8');
  }
  const SSN = ['536', '22', '8726'].join('-');

  it('takes values out of text, and leaves everything else as it was', async () => {
    expect(await run('a.txt', 'to jane@example.com,\r\n\r\nbye')).toBe('to [EMAIL_ADDRESS],\r\n\r\nbye');
  });

  it('keeps JSON as it was written but for the values', async () => {
    const out = await run('a.jsonl', '{ "n": 12345678901234567890, "mail":"jane@example.com"}\n{"b":1}\n');
    expect(out).toBe('{ "n": 12345678901234567890, "mail":"[EMAIL_ADDRESS]"}\n{"b":1}\n');
  });

  it('knows a column by its name, and keeps the table a table', async () => {
    const out = await run('a.csv', `ssn;note;note\n${SSN};"one; ""two""";jane@example.com\n`);
    expect(out).toBe('ssn;note;note\n[US_SSN];"one; ""two""";[EMAIL_ADDRESS]\n');
  });

  it('does with a type what is said for it', async () => {
    expect(await run('a.txt', 'jane@example.com', { strategies: ['EMAIL_ADDRESS=remove'] })).toBe('');
    expect(await run('a.txt', 'jane@example.com', { strategies: ['EMAIL_ADDRESS=keep'] })).toBe('jane@example.com');
    await expect(run('a.txt', 'x', { strategies: ['EMAIL_ADDRESS'] })).rejects.toThrow('TYPE=strategy');
  });

  it('hashes only with a key, and the same value the same way', async () => {
    await expect(run('a.txt', 'x', { strategy: 'hash' })).rejects.toThrow('--key-file');
    const keyFile = join(dir, 'key');
    writeFileSync(keyFile, 'short');
    await expect(run('a.txt', 'x', { strategy: 'hash', keyFile })).rejects.toThrow('fewer than');
    writeFileSync(keyFile, 'k'.repeat(32));
    const [one, other] = (await run('a.txt', 'jane@example.com jane@example.com', { strategy: 'hash', keyFile })).split(
      ' ',
    );
    expect(one).toMatch(/^\[EMAIL_ADDRESS#[a-p]+\]$/);
    expect(other).toBe(one);
  });

  it('writes over a file only when all is done, keeps its mode, and a copy where asked for', async () => {
    const out = await run('a.txt', 'jane@example.com', { inPlace: true, backup: true, output: undefined });
    expect(out).toBe('[EMAIL_ADDRESS]');
    expect(readFileSync(join(dir, 'a.txt.bak'), 'utf8')).toBe('jane@example.com');
    expect(statSync(join(dir, 'a.txt')).mode & 0o777).toBe(0o644);
    expect(readdirSync(dir).filter((name) => name.includes('.ldv-'))).toEqual([]);
  });

  it('leaves nothing behind when the file is not there', async () => {
    const options = { strategy: 'redact', strategies: [], inPlace: false, backup: false, output: join(dir, 'out') };
    await expect(anonymizeFile(join(dir, 'none.txt'), options, { output: new PassThrough() })).rejects.toThrow(
      'ENOENT',
    );
    expect([existsSync(join(dir, 'out')), readdirSync(dir)]).toEqual([false, []]);
  });
});
