// Killed at any moment, a vault comes back with every acknowledged write, and with nothing of any other.
import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { startVault, type Vault } from '../support/vault.ts';

const KILLS = 4;
const LINE = `{"messages":[{"role":"user","content":"Call me at +44 20 7946 0018, jane@example.org"}],"filler":"${'lorem ipsum '.repeat(30)}"}\n`;

interface Stats {
  records: number;
}

/** A file without an end, until it is stopped; what it has sent does not pile up behind a connection that broke. */
class Endless {
  private sending = true;

  readonly body = Readable.toWeb(Readable.from(this.lines(), { highWaterMark: 4 })) as ReadableStream;

  stop(): void {
    this.sending = false;
  }

  private async *lines(): AsyncGenerator<Buffer> {
    while (this.sending) {
      yield Buffer.from(LINE.repeat(100));
      await delay(2);
    }
  }
}

describe('invariant 2: a vault that is killed', () => {
  let vault: Vault;
  let dataset: string;
  let acknowledged = 0;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset();
  });
  afterAll(() => vault.remove());

  it(`${KILLS} times in the middle of an import shows all of what was acknowledged and nothing of the rest`, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      await vault.importLines(dataset, LINE.repeat(100));
      acknowledged += 100;
      const upload = new Endless();
      const broken = vault.importLines(dataset, upload.body).then(
        () => 'answered',
        () => 'broken',
      );
      await delay(200 + Math.random() * 1500);
      await vault.stop('SIGKILL');
      upload.stop();
      expect(await broken).toBe('broken');
      vault = await startVault({ on: vault.backing });
      const { body } = await vault.get<Stats>(`/datasets/${dataset}/stats`);
      expect(body.records).toBe(acknowledged);
      const { text } = await vault.get(`/datasets/${dataset}/export`);
      expect(text.split('\n').length - 1).toBe(acknowledged);
    }
  }, 180_000);

  it('takes the next import as if nothing had happened', async () => {
    const { status } = await vault.importLines(dataset, LINE);
    const { body } = await vault.get<Stats>(`/datasets/${dataset}/stats`);
    expect([status, body.records]).toEqual([201, acknowledged + 1]);
  });

  it('keeps no second server out for longer than it lives, and never lets two run on one folder', async () => {
    if (vault.backing.databaseUrl) return expect(vault.url).not.toBe('');
    await expect(startVault({ on: vault.backing })).rejects.toThrow('DATA_DIR_IN_USE');
  });
});
