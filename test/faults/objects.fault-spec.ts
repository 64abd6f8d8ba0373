// The object store says no, breaks off, crawls, loses or damages an object.
import { setTimeout as delay } from 'node:timers/promises';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Stage, WHOLE } from './stage.ts';

describe('with S3', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ s3: true });
  });
  afterAll(() => stage.close());

  async function whole(
    name: string,
    fault: Parameters<NonNullable<Stage['objects']>['become']>[0],
    ms: number,
  ): Promise<void> {
    const report = await stage.under(
      `S3 ${name}`,
      async () => {
        stage.objects!.become(fault);
        await delay(ms);
      },
      async () => stage.objects!.become({ kind: 'none' }),
    );
    expect(report).toMatchObject(WHOLE);
  }

  it('that answers 503 to a third of all (F37), nothing is lost', () =>
    whole('503 at 30 % (F37)', { kind: 'http-503', share: 0.3 }, 5000));
  it('whose answers are lost (F38), nothing is lost or doubled', () =>
    whole('answers cut (F38)', { kind: 'cut-answer', after: 60 }, 3000));
  it('whose uploads break off (F38), nothing torn is taken for whole', () =>
    whole('uploads cut (F38)', { kind: 'cut-request', after: 700 }, 3000));
  it('that crawls (F39), it is slow and goes on', () =>
    whole('20 KB/s (F39)', { kind: 'slow', bytesPerSecond: 20_000 }, 5000));
  it('that is not there, it says that it is not ready, and is again', async () => {
    const report = await stage.under(
      'S3 gone',
      async () => {
        stage.objects!.become({ kind: 'refuse' });
        await stage.vault.until('/health/ready', ({ status }) => status === 503, 30);
      },
      async () => {
        stage.objects!.become({ kind: 'none' });
        await stage.vault.until('/health/ready', ({ status }) => status === 200, 30);
      },
    );
    expect(report).toMatchObject(WHOLE);
  });

  describe('that has lost or damaged one object (F43)', () => {
    const line = `${JSON.stringify({ text: 'x'.repeat(2000) })}\n`;
    let client: S3Client;
    const bucket = { Bucket: 'vault' };
    beforeAll(() => {
      const credentials = {
        accessKeyId: stage.facts['AWS_ACCESS_KEY_ID']!,
        secretAccessKey: stage.facts['AWS_SECRET_ACCESS_KEY']!,
      };
      client = new S3Client({
        endpoint: stage.facts['TEST_S3_ENDPOINT'],
        region: 'us-east-1',
        forcePathStyle: true,
        credentials,
        requestChecksumCalculation: 'WHEN_REQUIRED',
      });
    });
    afterAll(() => client.destroy());

    const keys = async (): Promise<string[]> => {
      const Prefix = stage.backing.env['VAULT__STORAGE__S3__PREFIX'];
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ ...bucket, Prefix }));
      return Contents.map(({ Key }) => Key!);
    };
    /** A dataset of one record, and the object that holds it. */
    async function stored(): Promise<{ dataset: string; key: string }> {
      const before = new Set(await keys());
      const dataset = await stage.vault.newDataset();
      await stage.vault.importLines(dataset, line);
      return { dataset, key: (await keys()).find((key) => !before.has(key))! };
    }

    it.each([
      ['an object that is gone', (Key: string) => client.send(new DeleteObjectCommand({ ...bucket, Key }))],
      [
        'a damaged object',
        (Key: string) => client.send(new PutObjectCommand({ ...bucket, Key, Body: Buffer.alloc(3000, 1) })),
      ],
      [
        'an object in the place of another',
        async (Key: string) => {
          const other = await stored();
          await client.send(new CopyObjectCommand({ ...bucket, Key, CopySource: `vault/${other.key}` }));
        },
      ],
    ])('%s is an error that names it, and everything else is read', async (_, damage) => {
      const [good, bad] = [await stored(), await stored()];
      await damage(bad.key);
      const broken = await stage.vault.get<{ code: string; detail: string }>(`/datasets/${bad.dataset}/records`);
      expect([410, 500]).toContain(broken.status);
      expect(broken.body.detail).toContain(bad.key.split('/').at(-1));
      expect((await stage.vault.get(`/datasets/${good.dataset}/export`)).text).toBe(line);
      // Nothing has gone out yet when the first block does not open, so this is told as a problem, too.
      expect((await stage.vault.get(`/datasets/${bad.dataset}/export`)).status).toBe(broken.status);
    });
  });
});
