// Long transfers: an object store that breaks off in the middle, a server that is told to stop, one with little memory.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Vault } from '../support/vault.ts';
import { Stage } from './stage.ts';

/** 12 MB in 3,000 lines: more than one segment. */
const LINES = Array.from({ length: 3000 }, (_, at) => {
  const noise = Array.from({ length: 95 }, (_each, part) => ((at + 1) * (part + 7) * 2_654_435_761).toString(36));
  return `${JSON.stringify({ at, text: noise.join('').padEnd(3900, 'x') })}\n`;
});
const FILE = LINES.join('');

/** What came of an export: `whole` when the transfer ended as it should. */
async function download(vault: Vault, dataset: string): Promise<{ status: number; whole: boolean; text: string }> {
  const answer = await fetch(`${vault.url}/api/v1/datasets/${dataset}/export`, {
    headers: { authorization: `Bearer ${vault.token}` },
  });
  const { status } = answer;
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of answer.body!) text += decoder.decode(chunk as Uint8Array, { stream: true });
    return { status, whole: status === 200, text };
  } catch {
    return { status, whole: false, text };
  }
}

/** The file in so many pieces, one every so many ms. */
function slowly(pieces: number, ms: number): ReadableStream {
  const size = Math.ceil(FILE.length / pieces);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (at >= pieces) return controller.close();
      await delay(ms);
      controller.enqueue(new TextEncoder().encode(FILE.slice(at * size, (at + 1) * size)));
      at += 1;
    },
  });
}

describe('a long transfer', () => {
  let stage: Stage;
  let dataset: string;
  beforeAll(async () => {
    stage = await Stage.open({ s3: true });
    dataset = await stage.vault.newDataset();
    expect((await stage.vault.importLines(dataset, FILE)).status).toBe(201);
  });
  afterAll(() => stage.close());

  it('that the object store breaks off (F40) never looks whole when it is not', async () => {
    for (const after of [5000, 200_000, 1_500_000]) {
      stage.objects!.become({ kind: 'cut-answer', after });
      const { whole, text } = await download(stage.vault, dataset);
      stage.objects!.become({ kind: 'none' });
      if (whole) expect(text).toBe(FILE);
      else expect(FILE.startsWith(text.slice(0, text.lastIndexOf('\n') + 1))).toBe(true);
    }
    expect(await download(stage.vault, dataset)).toEqual({ status: 200, whole: true, text: FILE });
  });

  it('of an upload is finished before a server that is told to stop ends (F52)', async () => {
    const upload = stage.vault.importLines<{ records: number }>(await stage.vault.newDataset(), slowly(20, 200));
    await delay(1000);
    const ended = stage.vault.stop('SIGTERM');
    expect(await upload).toMatchObject({ status: 201, body: { records: LINES.length } });
    expect(await ended).toBe(0);
    await stage.start();
  });

  it('of an upload that does not end in time is cut, leaves nothing, and can be made again (F52)', async () => {
    const target = await stage.vault.newDataset();
    const upload = stage.vault.importLines(target, slowly(1000, 200)).catch(() => null);
    await delay(1000);
    await stage.vault.stop('SIGTERM');
    expect((await upload)?.status ?? 503).not.toBe(201);
    await stage.start();
    expect((await download(stage.vault, target)).text).toBe('');
    expect((await stage.vault.importLines(target, FILE)).status).toBe(201);
    expect((await download(stage.vault, target)).text).toBe(FILE);
  });

  it('of 64 uploads and exports at once passes through a server with 256 MB of heap (F12)', async () => {
    await stage.vault.stop();
    await stage.start({ env: { NODE_OPTIONS: '--max-old-space-size=256' } });
    let most = 0;
    const watch = setInterval(() => {
      const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${stage.vault.child.pid}/status`, 'utf8')) ?? [];
      most = Math.max(most, Number(kilobytes) / 1024);
    }, 100);
    const targets = await Promise.all(Array.from({ length: 64 }, () => stage.vault.newDataset()));
    const outcomes = await Promise.all(
      targets.map(async (target, at) => {
        if (at % 4 !== 0) return (await stage.vault.importLines(target, slowly(10, 20))).status;
        const { status, whole, text } = await download(stage.vault, dataset);
        return whole && text !== FILE ? 'cut' : status;
      }),
    );
    clearInterval(watch);
    expect(outcomes.filter((status) => ![200, 201, 413, 429, 503].includes(Number(status)))).toEqual([]);
    expect(outcomes.filter((status) => status === 201).length).toBeGreaterThan(0);
    const counted = Object.entries(Object.groupBy(outcomes, String)).map(([how, all]) => `${how}×${all!.length}`);
    process.stdout.write(
      `64 transfers of 12 MB at once: ${counted.join(' ')}, at most ${Math.round(most)} MB resident\n`,
    );
    expect(most).toBeLessThan(640);
    expect((await stage.vault.get('/health')).body).toEqual({ status: 'healthy' });
  });
});
