// A large file with planted personal data, on the running server: counts, bytes, and nothing of it at rest.
//   LARGE_SIZE=1GB npx jest --selectProjects large
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dumpOf } from '../support/at-rest.ts';
import { startVault, type Vault } from '../support/vault.ts';

interface Expected {
  bytes: number;
  good: number;
  bad: number;
  bad_lines: number[];
  planted: Record<string, number>;
}
interface Imported {
  id: string;
  status: string;
  records: number;
  rejected: number;
  findings_by_type: Record<string, number>;
}

const SIZE = process.env['LARGE_SIZE'] ?? '100MB';

describe(`a file of ${SIZE} with planted personal data`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'vault-large-'));
  const [sample, planted, out] = ['sample.jsonl', 'planted.txt', 'out.jsonl'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let vault: Vault;
  let dataset: string;
  let expected: Expected;
  let imported: Imported;

  beforeAll(async () => {
    const args = ['scripts/sample-data.ts', '--size', SIZE, '--seed', '7', '--out', sample, '--planted', planted];
    execFileSync(process.execPath, args);
    expected = JSON.parse(readFileSync(`${sample}.expected.json`, 'utf8')) as Expected;
    vault = await startVault();
    dataset = await vault.newDataset();
    const file = Readable.toWeb(createReadStream(sample)) as ReadableStream;
    const started = performance.now();
    const { status, body, text } = await vault.importLines<Imported>(dataset, file);
    if (status !== 201) throw new Error(text);
    imported = body;
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `${(expected.bytes / 1e6 / seconds).toFixed(1)} MB/s, ${Math.round(imported.records / seconds)} records/s`,
    );
  }, 600_000);
  afterAll(async () => {
    await vault.remove();
    rmSync(folder, { recursive: true });
  });

  it('comes in with every good line, and every bad one named', async () => {
    expect([imported.status, imported.records, imported.rejected]).toEqual([
      'completed_with_errors',
      expected.good,
      expected.bad,
    ]);
    const { text } = await vault.get(`/imports/${imported.id}/errors`);
    const lines = text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual(expected.bad_lines);
  });

  it('is searched as it comes in: what was planted is found, and hardly anything else of its types', () => {
    const counts = Object.entries(expected.planted).map(([type, count]) => ({
      type,
      planted: count,
      found: imported.findings_by_type[type] ?? 0,
    }));
    const wrong = counts.filter(({ planted: there, found }) => found < there || found > there * 1.005 + 1);
    expect(wrong).toEqual([]);
  });

  it('goes out byte for byte as it came in, without the bad lines', async () => {
    const response = await fetch(`${vault.url}/api/v1/datasets/${dataset}/export`, {
      headers: { authorization: `Bearer ${vault.token}` },
    });
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(out));
    expect(await hashOf(out, new Set())).toBe(await hashOf(sample, new Set(expected.bad_lines)));
  }, 600_000);

  it('invariant 1: leaves no planted value in its folder, its database, its objects or its log', async () => {
    // All in one folder for one search: to take up this many values takes longer than to look for them.
    const rest = join(folder, 'at-rest');
    mkdirSync(rest);
    (await dumpOf(vault)).forEach(({ bytes }, i) => writeFileSync(join(rest, String(i)), bytes));
    const search = ['-r', '-a', '-o', '-m', '3', '-F', '-f', telling(planted), rest];
    expect(spawnSync('grep', search, { encoding: 'utf8', env: { LC_ALL: 'C' } }).stdout).toBe('');
    expect(statSync(planted).size).toBeGreaterThan(1000);
  }, 600_000);

  /** Values long enough that they cannot stand somewhere by chance. */
  function telling(file: string): string {
    const long = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.length >= 9);
    writeFileSync(`${file}.telling`, long.join('\n'));
    return `${file}.telling`;
  }
});

/** Of the lines of a file but some. */
async function hashOf(file: string, without: ReadonlySet<number>): Promise<string> {
  const hash = createHash('sha256');
  let number = 1;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer;
    for (let from = 0; from < bytes.length;) {
      const newline = bytes.indexOf(0x0a, from);
      const to = newline < 0 ? bytes.length : newline + 1;
      if (!without.has(number)) hash.update(bytes.subarray(from, to));
      if (newline >= 0) number += 1;
      from = to;
    }
  }
  return hash.digest('hex');
}
