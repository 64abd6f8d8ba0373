// Records of about 1 KB of which each third is nearly another one: how many a second a search for duplicates goes over,
// beside hashing the same shingles, once each and with nothing around it. Splits of the same records, too.
//   npm run bench -- duplicates [--records 100000]
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { onServices } from '../support/backing.ts';
import { startVault } from '../support/vault.ts';
import { print, printHead } from './measure.ts';

const SHINGLE = 5;
const WORDS = 150;
const LIMIT_SECONDS = 1800;
const options = { records: { type: 'string', default: '100000' } } as const;
const { values } = parseArgs({ options, allowPositionals: true });
const records = Number(values.records);

// Before anybody listens: it takes so long that a connection that is kept open would be closed meanwhile.
const baseline = { name: 'hashed bare', value: records / bare() };
const vault = await startVault();
try {
  printHead(`duplicates on ${onServices ? 'PostgreSQL' : 'the built-in database'}`);
  const dataset = await vault.newDataset();
  const { status, text } = await vault.importLines(dataset, lines());
  if (status !== 201) throw new Error(text);
  const search = await seconds(`/datasets/${dataset}/duplicates`, { pointer: '/text', threshold: 0.8 });
  print({ name: `search of ${records} records`, value: records / search, unit: 'records/s', baseline });
  const splits = ['train', 'test'].map((name) => ({ name, ratio: 0.5 }));
  const assigned = await seconds(`/datasets/${dataset}/splits`, { splits });
  print({ name: `splits of ${records} records`, value: records / assigned, unit: 'records/s', baseline });
} finally {
  await vault.remove();
}

async function seconds(path: string, body: object): Promise<number> {
  const started = performance.now();
  const asked = await vault.post<{ job_id: string }>(path, body);
  if (asked.status !== 202) throw new Error(asked.text);
  const isDone = (each: { body: { status: string } }): boolean => /^(comp|fail)/.test(each.body.status);
  const job = await vault.until<{ status: string }>(`/jobs/${asked.body.job_id}`, isDone, LIMIT_SECONDS);
  if (job.body.status !== 'completed') throw new Error(job.text);
  return (performance.now() - started) / 1000;
}

/** Seconds that SHA-256 of every five words in a row takes. */
function bare(): number {
  const started = performance.now();
  for (let n = 0; n < records; n += 1) {
    const words = textOf(n).split(' ');
    for (let i = 0; i + SHINGLE <= words.length; i += 1)
      createHash('sha256')
        .update(words.slice(i, i + SHINGLE).join(' '))
        .digest();
  }
  return (performance.now() - started) / 1000;
}

/** The same each time; of three in a row the third is the first with one word more. */
function textOf(n: number): string {
  const like = n % 3 === 2 ? n - 2 : n;
  let state = like + 1;
  const words = Array.from({ length: WORDS }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return `w${(state >>> 12).toString(36)}`;
  });
  if (like !== n) words.splice(n % WORDS, 0, `more${n}`);
  return words.join(' ');
}

function lines(): ReadableStream {
  let n = 0;
  return new ReadableStream({
    pull(controller) {
      if (n >= records) return controller.close();
      const some = Array.from(
        { length: Math.min(500, records - n) },
        () => `${JSON.stringify({ text: textOf(n++) })}\n`,
      );
      controller.enqueue(Buffer.from(some.join('')));
    },
  });
}
