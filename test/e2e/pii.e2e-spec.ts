// Personal data as a privacy engineer works with it: own types, what is allowed, findings and decisions, policies.
import { dumpOf } from '../support/at-rest.ts';
import { type Answer, startVault, type Vault } from '../support/vault.ts';

interface Problem {
  code: string;
  errors?: { pointer: string }[];
}
interface Detections {
  detections: { type: string; confidence: number; rule_version: number }[];
}
type Made = { id: string; version: number };

const BADGE = {
  name: 'BADGE_NUMBER',
  risk_level: 'high',
  score: 0.4,
  patterns: ['QX-?\\d{4}'],
  words: ['Operation Nightjar'],
  context: ['badge'],
  examples: { match: ['my badge is qx1234'], no_match: ['order qx1234', 'badge QX12345'] },
};

describe('personal data', () => {
  let vault: Vault;
  let dataset: string;
  beforeAll(async () => {
    vault = await startVault();
    dataset = await vault.newDataset();
  });
  afterAll(() => vault.remove());

  const typesIn = async (text: string): Promise<string[]> =>
    (await vault.post<Detections>('/pii/detect', { text })).body.detections.map(({ type }) => type);
  const refusal = ({ status, body: { code, errors } }: Answer<Problem>): [number, string, string[]] => [
    status,
    code,
    (errors ?? []).map(({ pointer }) => pointer),
  ];

  /** Which of these words lie anywhere in plain sight. */
  const atRest = async (words: string[]): Promise<string[]> => {
    const all = await dumpOf(vault);
    return words.filter((word) => all.some(({ bytes }) => bytes.includes(word)));
  };

  describe('of an own type', () => {
    let made: Answer<Made>;
    beforeAll(async () => {
      made = await vault.post<Made>('/pii/custom-types', BADGE);
    });

    it('is described once, tried on its examples, and refused when it fails them', async () => {
      expect(made.status).toBe(201);
      const post = async (change: object) =>
        refusal(await vault.post<Problem>('/pii/custom-types', { ...BADGE, name: 'OTHER', ...change }));
      expect(await post({ name: 'BADGE_NUMBER' })).toEqual([409, 'CUSTOM_TYPE_NAME_TAKEN', []]);
      expect(await post({ name: 'EMAIL_ADDRESS' })).toEqual([409, 'CUSTOM_TYPE_NAME_TAKEN', []]);
      expect(
        await post({ examples: { match: ['badge qx1', 'badge qx1234', 'qx1234'], no_match: ['badge QX-9876'] } }),
      ).toEqual([422, 'CUSTOM_TYPE_EXAMPLES', ['/examples/match/0', '/examples/match/2', '/examples/no_match/0']]);
      expect(await post({ patterns: ['QX\\d', '(?=secret)x'] })).toEqual([422, 'PATTERN_UNSUPPORTED', ['/patterns/1']]);
      expect(await post({ patterns: [], words: [] })).toEqual([422, 'VALIDATION_FAILED', ['/words']]);
      expect((await vault.get<{ items: Made[] }>('/pii/custom-types')).body.items.map(({ id }) => id)).toEqual([
        made.body.id,
      ]);
    });

    it('is found and taken out in what is sent along, and listed among the types', async () => {
      const { body } = await vault.post<Detections>('/pii/detect', { data: { badge: 'QX-1234', order: 'QX-1234' } });
      expect(body.detections).toMatchObject([
        { type: 'BADGE_NUMBER', confidence: 0.7, path: '/badge', rule_version: 1 },
      ]);
      const masked = await vault.post('/pii/anonymize', {
        texts: ['badge QX-1234, jane@example.org', `badge: operation nightjar${' .'.repeat(1000)}`],
        types: ['badge-number'],
        strategies: { badge_number: 'mask' },
      });
      expect(masked.body['texts']).toEqual([
        'badge **-****, jane@example.org',
        `badge: ********* ********${' .'.repeat(1000)}`,
      ]);
      const { body: types } = await vault.get<{ items: object[] }>('/pii/types');
      expect(types.items.at(-1)).toMatchObject({ type: 'BADGE_NUMBER', family: 'custom', risk_level: 'high' });
    });

    it('is found in imports and single writes, and taken out of copies', async () => {
      const lines = '{"note":"badge QX-1234"}\n{"note":"Operation Nightjar"}\n';
      const { body: imported } = await vault.importLines(dataset, lines);
      expect(imported['findings_by_type']).toMatchObject({ BADGE_NUMBER: 1 });
      await vault.post(`/datasets/${dataset}/records`, { content: { badge: 'qx4321' } });
      const { body: records } = await vault.get<{ items: object[] }>(
        `/datasets/${dataset}/records?pii_type=BADGE_NUMBER&min_risk=high`,
      );
      expect(records.items.length).toBe(2);
      const refused = await vault.post<Problem>(`/datasets/${dataset}/records`, {
        content: 1,
        metadata: { badge: 'QX-1234' },
      });
      expect(refusal(refused)).toEqual([422, 'METADATA_PERSONAL', ['/metadata/badge']]);
      const copy = await vault.post<{ job_id: string; dataset_id: string }>(`/datasets/${dataset}/anonymize`, {
        name: 'without badges',
        strategies: { badge_number: 'remove' },
      });
      const { body: job } = await vault.until<{ status: string; result: object }>(
        `/jobs/${copy.body.job_id}`,
        ({ body: { status } }) => /completed|failed/.test(status),
      );
      expect(job.result).toMatchObject({ residual_findings: 0 });
      expect((await vault.get(`/datasets/${copy.body.dataset_id}/export`)).text).toBe(
        '{"note":"badge "}\n{"note":"Operation Nightjar"}\n{"badge":""}\n',
      );
    });

    it('is described anew by who has seen the last version, and counts at once', async () => {
      const path = `/pii/custom-types/${made.body.id}`;
      const put = (version: number) =>
        vault.ask<Problem & Made>('PUT', path, {
          body: { ...BADGE, name: undefined, score: 0.8, examples: { match: ['qx1234'] } },
          headers: { 'if-match': `"${version}"` },
        });
      expect((await put(2)).body.code).toBe('VERSION_MISMATCH');
      const changed = await put(1);
      expect([changed.status, changed.body.version, changed.headers.get('etag')]).toEqual([200, 2, '"2"']);
      expect(await typesIn('order qx1234 of operation nightjar')).toEqual(['BADGE_NUMBER', 'BADGE_NUMBER']);
      expect((await vault.ask('DELETE', path)).status).toBe(204);
      expect(await typesIn('order qx1234')).toEqual([]);
      expect((await vault.get<Problem>(path)).body.code).toBe('CUSTOM_TYPE_NOT_FOUND');
      const { body } = await vault.post<Problem>('/pii/detect', { text: 'x', types: ['BADGE_NUMBER'] });
      expect(body.code).toBe('UNKNOWN_PII_TYPE');
    });

    it('is kept sealed', async () => {
      await vault.post('/pii/custom-types', BADGE);
      expect(await atRest(['Nightjar', 'QX-?', 'my badge is'])).toEqual([]);
    });
  });

  describe('that is allowed', () => {
    const allow = (body: object) => vault.post<Made & Problem>('/pii/allowlist', { reason: 'It is our own', ...body });

    it('is found no more, until it is taken off the list', async () => {
      const text = 'Mail help@example.org or ada.quist@example.org';
      expect(await typesIn(text)).toEqual(['EMAIL_ADDRESS', 'EMAIL_ADDRESS']);
      const allowed = await allow({ value: 'HELP@example.org' });
      expect(allowed.status).toBe(201);
      expect(allowed.text).not.toMatch(/help@/i);
      expect(await typesIn(text)).toEqual(['EMAIL_ADDRESS']);
      const { body } = await vault.post('/pii/anonymize', { text });
      expect(body['text']).toBe('Mail help@example.org or [EMAIL_ADDRESS]');
      const path = `/pii/allowlist/${allowed.body.id}`;
      expect((await vault.get(path)).body).toMatchObject({ of: 'value', reason: 'It is our own', type: null });
      expect((await vault.ask('DELETE', path)).status).toBe(204);
      expect(await typesIn(text)).toEqual(['EMAIL_ADDRESS', 'EMAIL_ADDRESS']);
      expect((await vault.get<Problem>(path)).body.code).toBe('ALLOWED_VALUE_NOT_FOUND');
    });

    it('is so in one dataset, by value or by type, and again when its time is over', async () => {
      const line = '{"a":"help@example.org","b":"+44 20 7946 0018"}\n';
      const mine = await vault.newDataset();
      await allow({ value: 'help@example.org', type: 'EMAIL_ADDRESS', dataset_id: mine });
      await allow({ type: 'phone_number', dataset_id: mine });
      const found = async (into: string): Promise<unknown> =>
        (await vault.importLines(into, line)).body['findings_by_type'];
      expect([await found(mine), await found(dataset)]).toEqual([{}, { EMAIL_ADDRESS: 1, PHONE_NUMBER: 1 }]);
      await allow({ value: 'QX-1234', dataset_id: dataset });
      const copy = await vault.post<{ job_id: string; dataset_id: string }>(`/datasets/${dataset}/anonymize`, {
        name: 'with one badge',
      });
      await vault.until<{ status: string }>(`/jobs/${copy.body.job_id}`, ({ body }) => body.status === 'completed');
      const { text } = await vault.get(`/datasets/${copy.body.dataset_id}/export`);
      expect(text.split('\n').slice(0, 3)).toEqual([
        '{"note":"badge QX-1234"}',
        '{"note":"Operation Nightjar"}',
        '{"badge":"[BADGE_NUMBER]"}',
      ]);
      const soon = new Date(Date.now() + 1500).toISOString();
      await allow({ value: 'ada.quist@example.org', expires_at: soon });
      expect(await typesIn('ada.quist@example.org')).toEqual([]);
      while ((await typesIn('ada.quist@example.org')).length === 0);
      expect(Date.now()).toBeGreaterThan(Date.parse(soon));
      await vault.ask('DELETE', `/datasets/${mine}`);
      const { body } = await vault.get<{ items: { dataset_id: string | null }[] }>('/pii/allowlist');
      expect(body.items.map(({ dataset_id: id }) => id)).toEqual([dataset, null]);
    });

    it('says why in words that hold no personal data, and of what', async () => {
      expect(refusal(await allow({ value: 'x@example.org', reason: 'x@example.org is a test' }))).toEqual([
        422,
        'REASON_PERSONAL',
        ['/reason'],
      ]);
      expect(refusal(await allow({ type: 'PERSON' }))[1]).toBe('VALIDATION_FAILED');
      expect(refusal(await allow({ value: 'x', type: 'NOTHING' }))[1]).toBe('UNKNOWN_PII_TYPE');
      expect(refusal(await allow({ value: 'x', dataset_id: 'ds_01jz0000000000000000000000' }))[1]).toBe(
        'DATASET_NOT_FOUND',
      );
      expect(await atRest(['help@example.org', 'ada.quist'])).toEqual([]);
    });
  });
});
