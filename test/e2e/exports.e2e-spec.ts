import { DuckDBInstance } from '@duckdb/node-api';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobsOf } from '../support/commands.ts';
import { type Answer, startVault, type Vault } from '../support/vault.ts';

interface Problem {
  code: string;
  errors: { pointer: string; detail: string }[];
}
interface Manifest {
  tenant: string;
  dataset: string;
  commit: string;
  options: Record<string, unknown>;
  records: number;
  skipped: number;
  bytes: number;
  sha256: string;
  key: string;
  signature: string;
}

const CALL = { id: 'c1', type: 'function', function: { name: 'clock', arguments: '{"zone":"UTC"}' } };
const CHAT = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What time is it?' },
    { role: 'assistant', content: null, tool_calls: [CALL] },
    { role: 'tool', content: '12:00', tool_call_id: 'c1' },
    { role: 'assistant', content: 'Noon.' },
  ],
  source: 'desk',
};
const ASKED = { prompt: 'One and one?', completion: 'Two.' };
const TOLD = { instruction: 'Add.', input: '1, 1', output: '2' };
const BETTER = { prompt: 'Hi', chosen: 'Hello!', rejected: 'What?' };
const PLAIN = { text: 'Once upon a time' };
const KINDS = [CHAT, ASKED, TOLD, BETTER, PLAIN];
const lines = (records: readonly unknown[]): string => records.map((each) => `${JSON.stringify(each)}\n`).join('');

describe('exports', () => {
  let vault: Vault;
  const folder = mkdtempSync(join(tmpdir(), 'vault-exports-'));
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(async () => {
    await vault.remove();
    rmSync(folder, { recursive: true });
  });

  const filled = async (text: string): Promise<string> => {
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, text);
    return dataset;
  };
  const out = <B = object>(dataset: string, query = ''): Promise<Answer<B>> =>
    vault.get<B>(`/datasets/${dataset}/export${query}`);
  const recordsIn = ({ text }: { text: string }): object[] =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object);

  it.each([
    ['openai-chat', CHAT, { messages: CHAT.messages }],
    [
      'openai-chat',
      TOLD,
      {
        messages: [
          { role: 'user', content: 'Add.\n\n1, 1' },
          { role: 'assistant', content: '2' },
        ],
      },
    ],
    [
      'sharegpt',
      CHAT,
      {
        conversations: [
          { from: 'system', value: 'Be brief.' },
          { from: 'human', value: 'What time is it?' },
          { from: 'function_call', value: '{"name":"clock","arguments":"{\\"zone\\":\\"UTC\\"}"}' },
          { from: 'observation', value: '12:00' },
          { from: 'gpt', value: 'Noon.' },
        ],
      },
    ],
    ['alpaca', ASKED, { instruction: 'One and one?', input: '', output: 'Two.' }],
    ['alpaca', TOLD, TOLD],
    ['dpo', BETTER, BETTER],
    ['text', PLAIN, PLAIN],
    ['text', ASKED, { text: 'One and one?Two.' }],
  ])('are told as %s', async (template, record, told) => {
    const dataset = await filled(lines([record]));
    expect(recordsIn(await out(dataset, `?template=${template}`))).toEqual([told]);
  });

  it('name the records that do not fit, or leave them out and count them', async () => {
    const dataset = await filled(lines(KINDS));
    const refused = await out<Problem>(dataset, '?template=openai-chat');
    expect([refused.status, refused.body.code]).toEqual([422, 'EXPORT_UNFIT']);
    const { body: page } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/records`);
    const reason = 'the record is neither a chat, nor a prompt with its completion, nor an instruction';
    expect(refused.body.errors).toEqual([3, 4].map((i) => ({ pointer: page.items[i]!.id, detail: reason })));
    const some = await out(dataset, '?template=openai-chat&skip_unfit=true');
    expect([some.headers.get('x-vault-records'), some.headers.get('x-vault-skipped')]).toEqual(['3', '2']);
    expect(recordsIn(some)).toHaveLength(3);
    expect(recordsIn(await out(dataset, '?template=openai-chat&skip_unfit=true&after=2'))).toEqual(
      recordsIn(some).slice(2),
    );
  });

  it('hold what was asked for', async () => {
    const dataset = await vault.newDataset();
    for (const [n, split, mail] of [
      [1, 'train', ''],
      [2, 'test', ''],
      [3, 'train', 'jane@example.org'],
    ] as const) {
      const body = { content: { n, mail }, split, labels: [`l${n}`], metadata: { n } };
      await vault.post(`/datasets/${dataset}/records`, body);
    }
    const numbers = async (query: string): Promise<number[]> =>
      recordsIn(await out(dataset, query)).map((each) => (each as { n: number }).n);
    expect(await numbers('?split=train')).toEqual([1, 3]);
    expect(await numbers('?split=train&pii=none')).toEqual([1]);
    expect(await numbers('?pii=any')).toEqual([3]);
    expect(await numbers('?label=l2')).toEqual([2]);
    expect(await numbers(`?metadata=${encodeURIComponent('{"n":{"gte":2}}')}`)).toEqual([2, 3]);
    const { body: commits } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/commits`);
    expect(await numbers(`?ref=${commits.items[1]!.id}`)).toEqual([1, 2]);
  });

  it('come in shards, shuffled by a seed, and from where one broke off: each record once', async () => {
    const all = Array.from({ length: 6000 }, (_, n) => ({ n }));
    const dataset = await filled(lines(all));
    const shards = await Promise.all([0, 1, 2].map((i) => out(dataset, `?shard=${i}/3`)));
    const sizes = shards.map((each) => recordsIn(each).length);
    expect(Math.min(...sizes)).toBeGreaterThan(1800);
    expect(
      shards
        .map(({ text }) => text)
        .join('')
        .split('\n')
        .sort(),
    ).toEqual(lines(all).split('\n').sort());
    const one = await out(dataset, '?shuffle_seed=7');
    expect(one.text).not.toBe(lines(all));
    expect(one.text.split('\n').sort()).toEqual(lines(all).split('\n').sort());
    expect((await out(dataset, '?shuffle_seed=7')).text).toBe(one.text);
    expect((await out(dataset, '?shuffle_seed=8')).text).not.toBe(one.text);
    for (const query of ['?', '?shuffle_seed=7&']) {
      const whole = recordsIn(await out(dataset, query));
      expect(recordsIn(await out(dataset, `${query}after=4501`))).toEqual(whole.slice(4501));
    }
    expect((await out(dataset, '?after=6000')).text).toBe('');
  });

  it.each(['zstd', 'gzip'])('are packed as %s for whoever takes it', async (encoding) => {
    const dataset = await filled(lines(KINDS));
    const answer = await vault.get(`/datasets/${dataset}/export`, { headers: { 'accept-encoding': encoding } });
    expect([answer.headers.get('content-encoding'), answer.text]).toEqual([encoding, lines(KINDS)]);
  });

  it('as CSV have a column for each field, and no cell that a spreadsheet would run', async () => {
    const dataset = await filled(
      lines([{ a: '=1+1', b: -1, c: [1, 'x'] }, { b: 12345678901234567890n.toString(), d: 'x,"y"' }, 7]),
    );
    expect((await out(dataset, '?format=csv')).text).toBe(
      'a,b,c,d,value\r\n' + `'=1+1,-1,"[1,""x""]",,\r\n` + ',12345678901234567890,,"x,""y""",\r\n' + ',,,,7\r\n',
    );
  });

  describe('as Parquet', () => {
    const query = async (bytes: Uint8Array, sql: string): Promise<unknown[]> => {
      const file = join(folder, 'export.parquet');
      writeFileSync(file, bytes);
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll(sql.replace('FILE', `read_parquet('${file}')`));
      connection.closeSync();
      return reader.getRowObjectsJson();
    };
    const parquetOf = async (dataset: string, more = ''): Promise<Uint8Array> => {
      const response = await fetch(`${vault.url}/api/v1/datasets/${dataset}/export?format=parquet${more}`, {
        headers: { authorization: `Bearer ${vault.token}` },
      });
      expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
      return new Uint8Array(await response.arrayBuffer());
    };

    it('are read by DuckDB, with all that is nested in them, and come in again as they were', async () => {
      const chats = [CHAT, { messages: [{ role: 'user', content: 'Zoë?' }], source: null }];
      const file = await parquetOf(await filled(lines(chats)));
      const rows = await query(
        file,
        'SELECT messages[3].tool_calls[1].function.name AS name, len(messages) AS n, source FROM FILE',
      );
      expect(rows).toEqual([
        { name: 'clock', n: '5', source: 'desk' },
        { name: null, n: '1', source: null },
      ]);
      const again = await vault.newDataset();
      await vault.importLines(again, file, '', { 'content-type': 'application/vnd.apache.parquet' });
      const [first] = recordsIn(await out(again, '?template=openai-chat&skip_unfit=true'));
      expect(first).toEqual({ messages: CHAT.messages });
    });

    it('hold every row of many groups, and what has no one shape as JSON', async () => {
      const many = Array.from({ length: 40_000 }, (_, n) => ({
        n,
        x: n / 2,
        either: n % 2 === 0 ? n : { n },
        on: n > 5,
      }));
      const dataset = await filled(lines(many));
      const sql = `SELECT count(*) AS rows, sum(n) AS n, sum(x) AS x, count_if("on") AS lit,
        sum(CAST(either->>'n' AS INT)) AS odd, count(DISTINCT n) AS different FROM FILE`;
      const total = (40_000 * 39_999) / 2;
      expect(await query(await parquetOf(dataset), sql)).toEqual([
        { rows: '40000', n: String(total), x: total / 2, lit: '39994', odd: String(20_000 ** 2), different: '40000' },
      ]);
      expect(await query(await parquetOf(dataset, '&after=39990'), 'SELECT min(n) AS n FROM FILE')).toEqual([
        { n: '39990' },
      ]);
    });
  });

  it('of what is missing say so in words that can be read, though the file was to be packed', async () => {
    const blobs = await blobsOf(vault.backing);
    const others = new Set<string>();
    for await (const { key } of blobs.list('')) others.add(key);
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, '{"n":1}\n');
    for await (const { key } of blobs.list('')) if (!others.has(key)) await blobs.delete(key);
    const headers = { 'accept-encoding': 'gzip' };
    const answer = await vault.get<Problem>(`/datasets/${dataset}/export`, { headers });
    expect(answer).toMatchObject({ status: 410, body: { code: 'BLOB_NOT_FOUND' } });
    for (const name of ['content-encoding', 'content-disposition']) expect(answer.headers.get(name)).toBeNull();
  });

  it('are the same bytes each time, and a signed manifest says which', async () => {
    const dataset = await filled(lines(KINDS));
    const { body: keys } = await vault.get<{ keys: { id: string; public_key: string }[] }>('/.well-known/ldv-keys');
    for (const options of [
      '?',
      '?format=csv',
      '?format=parquet&shuffle_seed=1',
      '?template=sharegpt&skip_unfit=true',
    ]) {
      const { body: manifest } = await out<Manifest>(dataset, `/manifest${options}`);
      const exports = await Promise.all(
        [1, 2].map(() =>
          fetch(`${vault.url}/api/v1/datasets/${dataset}/export${options}`, {
            headers: { authorization: `Bearer ${vault.token}` },
          }),
        ),
      );
      const [one, two] = await Promise.all(exports.map(async (each) => Buffer.from(await each.arrayBuffer())));
      expect(one!.equals(two!)).toBe(true);
      expect([manifest.bytes, manifest.sha256]).toEqual([one!.length, createHash('sha256').update(one!).digest('hex')]);
      expect([manifest.records, manifest.skipped]).toEqual(options.includes('sharegpt') ? [3, 2] : [5, 0]);
      const key = keys.keys.find(({ id }) => id === manifest.key)!;
      const names = Object.keys(manifest.options).sort();
      const said = [
        'ldv-export-manifest/1',
        manifest.tenant,
        manifest.dataset,
        manifest.commit,
        JSON.stringify(Object.fromEntries(names.map((name) => [name, manifest.options[name]]))),
        manifest.records,
        manifest.skipped,
        manifest.bytes,
        manifest.sha256,
        '',
      ].join('\n');
      const signature = Buffer.from(manifest.signature, 'hex');
      expect(verify(null, Buffer.from(said), createPublicKey(key.public_key), signature)).toBe(true);
      expect(verify(null, Buffer.from(said.replace('/1', '/2')), createPublicKey(key.public_key), signature)).toBe(
        false,
      );
    }
  });
});
