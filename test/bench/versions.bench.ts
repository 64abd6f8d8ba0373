// Branches and differences of datasets of several sizes: a hundred changes cost a hundred, however much there is.
//   npm run bench -- versions [--sizes 10000,100000,1000000]
import { parseArgs } from 'node:util';
import { onServices } from '../support/backing.ts';
import { startVault } from '../support/vault.ts';
import { percentile, print, printHead } from './measure.ts';

const CHANGES = 100;
const ROUNDS = 20;
const options = { sizes: { type: 'string', default: '10000,100000' } } as const;
const { values } = parseArgs({ options, allowPositionals: true });

const vault = await startVault();
try {
  printHead(`versions on ${onServices ? 'PostgreSQL' : 'the built-in database'}`);
  let smallest: Record<string, number> | undefined;
  for (const size of values.sizes.split(',').map(Number)) {
    const measured = await measure(size);
    smallest ??= measured;
    for (const [what, value] of Object.entries(measured)) {
      const baseline = { name: 'ms in the smallest', value: smallest[what]! };
      print({ name: `${what}, ${size} records`, value, unit: 'ms', ...(smallest !== measured && { baseline }) });
    }
  }
} finally {
  await vault.remove();
}

async function measure(size: number): Promise<Record<string, number>> {
  const id = await vault.newDataset();
  const dataset = `/datasets/${id}`;
  const { status, text } = await vault.importLines(id, lines(size));
  if (status !== 201) throw new Error(text);
  let n = 0;
  const branch = await median(async () => {
    await vault.post(`${dataset}/branches`, { name: `branch-${n++}` });
  });
  await vault.post(`${dataset}/branches`, { name: 'side' });
  const { body } = await vault.get<{ items: { id: string }[] }>(`${dataset}/records?limit=${CHANGES}`);
  const items = body.items.map(({ id: record }) => ({ op: 'patch', id: record, content: { changed: true } }));
  await vault.post(`${dataset}/records/batch?branch=side`, { items });
  const path = `${dataset}/diff?from=main&to=side&limit=${CHANGES}&count=exact`;
  const { body: difference } = await vault.get<{ statistics: { changed: number } }>(path);
  if (difference.statistics.changed !== CHANGES) throw new Error('the difference is not what was changed');
  const diff = await median(() => vault.get(path));
  const list = await median(() => vault.get(`${dataset}/records?ref=side&limit=100`));
  const started = performance.now();
  const merged = await vault.post<{ records: number }>(`${dataset}/merge`, { from: 'side' });
  const merge = performance.now() - started;
  if (merged.body.records !== CHANGES) throw new Error('the merge is not what was changed');
  return { branch, [`diff of ${CHANGES}`]: diff, 'list 100 on the branch': list, [`merge of ${CHANGES}`]: merge };
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return percentile(times, 0.5);
}

function lines(size: number): ReadableStream {
  let n = 0;
  return new ReadableStream({
    pull(controller) {
      if (n >= size) return controller.close();
      const some = Array.from(
        { length: Math.min(1000, size - n) },
        () => `{"n":${n++},"text":"a line of some words"}\n`,
      );
      controller.enqueue(Buffer.from(some.join('')));
    },
  });
}
