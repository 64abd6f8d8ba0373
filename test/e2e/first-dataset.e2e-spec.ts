// The whole way of a dataset: in, seen, read, out, and without personal data.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dumpOf } from '../support/at-rest.ts';
import { startVault, type Vault } from '../support/vault.ts';

interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total?: number;
}
interface RecordView {
  id: string;
  content: { messages?: { content: string }[] };
  risk: string;
}
interface Job {
  status: string;
  result: { residual_findings: number; records: number; applied: { type: string; count: number }[] };
}

const EMAIL = 'mara.lindqvist@example.org';
const CARD = '4111 1111 1111 1111';
const LINES = [
  `{"messages":[{"role":"user","content":"My card is ${CARD}, write to ${EMAIL}"},{"role":"assistant","content":"Thank you."}]}`,
  '{"messages":[{"role":"user","content":"What is the capital of France?"},{"role":"assistant","content":"Paris."}]}',
  '{ "id" : 12345678901234567890, "text":"spaces and big numbers stay" }',
  '{"text":"línea con acentos, 日本語, emoji 👩‍👩‍👧, \\u0041\\ud83d\\ude00"}',
];
const FILE = `${LINES.join('\n')}\n`;

describe('a first dataset', () => {
  let vault: Vault;
  let dataset: string;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset('support-chat');
  });
  afterAll(() => vault.remove());

  it('is called otherwise by whoever has seen its newest version', async () => {
    const change = (ifMatch: string) =>
      vault.ask('PATCH', `/datasets/${dataset}`, {
        body: { name: 'help-desk', description: 'Conversations' },
        headers: { 'if-match': ifMatch },
      });
    expect((await change('"2"')).status).toBe(412);
    const changed = await change('"1"');
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await vault.get(`/datasets/${dataset}`)).body).toMatchObject({ name: 'help-desk', version: 2 });
    expect((await vault.ask('PATCH', `/datasets/${dataset}`, { body: { name: '' } })).status).toBe(422);
  });

  it('takes a JSONL file and says what is in it', async () => {
    const { status, body } = await vault.importLines(dataset, FILE, '?message=First%20file');
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'completed', records: 4, rejected: 0, bytes: Buffer.byteLength(FILE) - 4 });
    expect(body['findings_by_type']).toMatchObject({ EMAIL_ADDRESS: 1, CREDIT_CARD: 1 });
  });

  it('gives the file back byte for byte', async () => {
    const { text, headers } = await vault.get(`/datasets/${dataset}/export`);
    expect(text).toBe(FILE);
    expect(headers.get('x-vault-commit')).toMatch(/^cm_/);
  });

  it('lists records page by page in the order they came', async () => {
    const first = await vault.get<Page<RecordView>>(`/datasets/${dataset}/records?limit=3`);
    const second = await vault.get<Page<RecordView>>(
      `/datasets/${dataset}/records?limit=3&cursor=${first.body.next_cursor}`,
    );
    expect([first.body.items.length, second.body.items.length, second.body.next_cursor]).toEqual([3, 1, null]);
    expect(first.text).toContain(LINES[2]);
    expect(second.text).toContain(LINES[3]);
  });

  it('says where in a record personal data is, and never what', async () => {
    const { body } = await vault.get<Page<RecordView>>(`/datasets/${dataset}/records?limit=1`);
    const [record] = body.items;
    expect(record).toMatchObject({ risk: 'critical' });
    const found = await vault.get<Page<{ type: string; path: string; start: number; end: number }>>(
      `/datasets/${dataset}/records/${record!.id}/findings`,
    );
    const email = found.body.items.find(({ type }) => type === 'EMAIL_ADDRESS')!;
    expect(email.path).toBe('/messages/0/content');
    const content = record!.content.messages![0]!.content;
    expect(content.slice(email.start, email.end)).toBe(EMAIL);
    expect(found.text).not.toContain(EMAIL);
  });

  it('knows how much there is of what', async () => {
    const { body } = await vault.get(`/datasets/${dataset}/stats`);
    expect(body).toMatchObject({ records: 4, findings_by_type: { EMAIL_ADDRESS: 1, CREDIT_CARD: 1 } });
    expect(body['records_by_risk']).toMatchObject({ critical: 1 });
  });

  it('reads the dataset as it was at an earlier commit and at an earlier time', async () => {
    const before = await vault.get<Page<{ id: string; published_at: string }>>(`/datasets/${dataset}/commits`);
    const [head] = before.body.items;
    await vault.importLines(dataset, '{"text":"one more"}\n');
    const at = async (ref: string): Promise<string> =>
      (await vault.get(`/datasets/${dataset}/export?ref=${encodeURIComponent(ref)}`)).text;
    expect(await at(head!.id)).toBe(FILE);
    expect(await at(`@${head!.published_at}`)).toBe(FILE);
    expect(await at('main')).toBe(`${FILE}{"text":"one more"}\n`);
  });

  it('makes an anonymized copy in which nothing is found any more, and remembers where it came from', async () => {
    const asked = await vault.post<{ job_id: string; dataset_id: string }>(`/datasets/${dataset}/anonymize`, {
      name: 'support-chat-safe',
      strategy: 'redact',
    });
    expect(asked.status).toBe(202);
    const { body: job } = await vault.until<Job>(
      `/jobs/${asked.body.job_id}`,
      ({ body }) => body.status !== 'queued' && body.status !== 'running',
    );
    expect(job).toMatchObject({ status: 'completed', result: { residual_findings: 0, records: 5 } });
    const { text } = await vault.get(`/datasets/${asked.body.dataset_id}/export`);
    expect(text).toContain('[EMAIL_ADDRESS]');
    expect(text).not.toContain(EMAIL);
    expect(text).not.toContain(CARD);
    expect(text).toContain('12345678901234567890');
    const { body: lineage } = await vault.get<Page<object>>(`/datasets/${asked.body.dataset_id}/lineage`);
    expect(lineage.items).toEqual([
      expect.objectContaining({ kind: 'anonymize', from_dataset_id: dataset, to_dataset_id: asked.body.dataset_id }),
    ]);
    expect((await vault.get(`/datasets/${dataset}/export`)).text).toContain(EMAIL);
  });

  it('follows a job as it changes, and cancels one that has not begun or is at work', async () => {
    const asked = await vault.post<{ job_id: string; dataset_id: string }>(`/datasets/${dataset}/anonymize`, {
      name: 'support-chat-stopped',
      strategy: 'mask',
    });
    const path = `/jobs/${asked.body.job_id}`;
    const events = await vault.get(`${path}/events`);
    expect(events.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const states = [...events.text.matchAll(/^event: job\ndata: (.*)\n\n/gm)].map(
      ([, data]) => JSON.parse(data!) as Job,
    );
    expect(states.at(-1)).toMatchObject({ id: asked.body.job_id, status: 'completed' });
    // Too late now: it is there.
    const late = await vault.post(`${path}/cancel`);
    expect([late.status, late.body['code']]).toEqual([409, 'JOB_FINISHED']);

    const other = await vault.post<{ job_id: string; dataset_id: string }>(`/datasets/${dataset}/anonymize`, {
      name: 'support-chat-cancelled',
      strategy: 'mask',
    });
    const cancelled = await vault.post<Job>(`/jobs/${other.body.job_id}/cancel`);
    const { body: after } = await vault.get<Job>(`/jobs/${other.body.job_id}`);
    // It is short: whoever is quicker wins, and the job says who.
    if (cancelled.status === 200) {
      expect(after).toMatchObject({ status: 'cancelled', result: null });
      expect((await vault.get(`/datasets/${other.body.dataset_id}/export`)).text).toBe('');
      const { text } = await vault.get('/audit/events?action=job.cancel');
      expect(text).toContain(other.body.job_id);
    } else expect([cancelled.status, after.status]).toEqual([409, 'completed']);
  });

  it('invariant 1: keeps no plaintext anywhere on the disk, in the database or in the log', async () => {
    const rest = await dumpOf(vault);
    for (const planted of [EMAIL, CARD, 'capital of France', 'big numbers stay']) {
      expect(rest.filter(({ bytes }) => bytes.includes(planted)).map(({ name }) => name)).toEqual([]);
    }
    expect(rest.length).toBeGreaterThan(0);
  });

  it('keeps its folder closed to other accounts', () => {
    const { dataDir } = vault.backing;
    for (const name of readdirSync(dataDir)) {
      if (!/jwt-secret|keyring/.test(name)) continue;
      expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0);
    }
  });

  it('writes nothing but JSON to its streams', () => {
    expect(vault.noise).toEqual([]);
    expect(vault.log.every(({ level }) => ['debug', 'info', 'warn', 'error'].includes(level))).toBe(true);
  });
});
