// Personal data as a privacy engineer works with it: own types, what is allowed, findings and decisions, policies.
import { dumpOf } from '../support/at-rest.ts';
import { untilSoon } from '../support/passing-time.ts';
import { type Answer, startVault, type Vault } from '../support/vault.ts';

interface Problem {
  code: string;
  errors?: { pointer: string }[];
}
interface Detections {
  detections: { type: string; confidence: number; rule_version: number }[];
}
type Made = { id: string; version: number };
type Found = { id: string; dataset_id: string; record_id: string; type: string; path: string; status: string };

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
      for (const explain of [false, true]) {
        const { body } = await vault.post('/pii/anonymize', { text, explain });
        expect(body['text']).toBe('Mail help@example.org or [EMAIL_ADDRESS]');
      }
      const { body } = await vault.post('/pii/detect', {
        texts: ['help@example.org', 'card 4111 1111 1111 1111'],
        explain: true,
      });
      expect(body).toMatchObject({
        risk_level: 'critical',
        detections: [
          { type: 'EMAIL_ADDRESS', allowed: true, allowlist_entry: allowed.body.id },
          {
            explanation:
              'rule credit-card: its check (Luhn and the ranges of issuers) holds and its context says so (card, "card" 1 before it)',
          },
        ],
      });
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
      const { until } = await untilSoon(
        (expires_at) => allow({ value: 'ada.quist@example.org', expires_at }),
        async () => (await typesIn('ada.quist@example.org')).length === 0,
      );
      while ((await typesIn('ada.quist@example.org')).length === 0);
      expect(Date.now()).toBeGreaterThan(until.getTime());
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

  describe('that was found', () => {
    const LINES =
      '{"mail":"desk.nord@example.org"}\n{"a":"olga.brandt@example.org","b":"+44 20 7946 0018"}\n{"ssn":"078-05-1121"}\n';
    let mine: string;
    beforeAll(async () => {
      mine = await vault.newDataset();
      await vault.importLines(mine, LINES);
    });

    /** How many were made when the audit is looked at. */
    let decisions = 3;
    const list = async (query = '', of = `/datasets/${mine}/findings`): Promise<Found[]> =>
      (await vault.get<{ items: Found[] }>(`${of}${query}`)).body.items;
    const decide = (id: string, body: object, headers = {}) =>
      vault.ask<Found & Problem>('POST', `/pii/findings/${id}/decision`, {
        body: { reason: 'Looked at it', ...body },
        headers,
      });
    const stats = async (): Promise<Record<string, object>> =>
      (await vault.get<Record<string, object>>(`/datasets/${mine}/stats`)).body;

    it('is listed by type, risk and status, a page at a time, without any value', async () => {
      const all = await list();
      expect(all.map(({ type, path, status }) => [type, path, status])).toEqual([
        ['EMAIL_ADDRESS', '/mail', 'open'],
        ['EMAIL_ADDRESS', '/a', 'open'],
        ['PHONE_NUMBER', '/b', 'open'],
        ['US_SSN', '/ssn', 'open'],
      ]);
      const of = await list('', `/datasets/${mine}/records/${all[0]!.record_id}/findings`);
      expect(of.map(({ id }) => id)).toEqual([all[0]!.id]);
      const { text } = await vault.get(`/datasets/${mine}/findings`);
      expect(text).not.toMatch(/desk|olga|7946|078-05/);
      expect((await list('?min_risk=critical')).map(({ type }) => type)).toEqual(['US_SSN']);
      expect((await list('?type=email_address&status=open')).length).toBe(2);
      const paged: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await vault.get<{ items: Found[]; next_cursor: string | null }>(
          `/pii/findings?dataset_id=${mine}&limit=1${cursor}`,
        );
        paged.push(...body.items.map(({ id }) => id));
        if (body.next_cursor === null) break;
        cursor = `&cursor=${body.next_cursor}`;
      }
      expect(paged).toEqual(all.map(({ id }) => id));
      const everywhere = await list('?limit=100', '/pii/findings');
      expect(everywhere.filter(({ dataset_id: of }) => of === mine).map(({ id }) => id)).toEqual(paged);
      expect(new Set(everywhere.map(({ dataset_id: of }) => of)).size).toBeGreaterThan(1);
      expect((await vault.get<Problem>('/pii/findings?cursor=W10')).body.code).toBe('BAD_CURSOR');
    });

    it('is accepted, or decided to be none: then it counts no more, and its value is found there no more', async () => {
      const [desk, olga] = (await list()) as [Found, Found];
      const before = await stats();
      const wrong = await decide(desk.id, { decision: 'false_positive' });
      expect([wrong.status, wrong.body.status, wrong.headers.get('etag')]).toEqual([200, 'false_positive', '"1"']);
      expect((await decide(olga.id, { decision: 'accept' })).body.status).toBe('accepted');
      expect((await list('?status=false_positive')).map(({ id }) => id)).toEqual([desk.id]);
      expect((await list('?status=open')).length).toBe(2);
      expect(before).toMatchObject({
        findings_by_type: { EMAIL_ADDRESS: 2, PHONE_NUMBER: 1, US_SSN: 1 },
        records_by_risk: { medium: 2, critical: 1 },
      });
      expect(await stats()).toMatchObject({
        records: 3,
        findings_by_type: { EMAIL_ADDRESS: 1, PHONE_NUMBER: 1, US_SSN: 1 },
        records_by_risk: { none: 1, medium: 1, critical: 1 },
      });
      const { body: again } = await vault.importLines(mine, '{"x":"Desk.Nord@example.org olga.brandt@example.org"}\n');
      expect(again['findings_by_type']).toEqual({ EMAIL_ADDRESS: 1 });
      expect(await typesIn('desk.nord@example.org')).toEqual(['EMAIL_ADDRESS']);
    });

    it('keeps its decision on other branches, and gets another one from who has seen the last', async () => {
      const [desk] = (await list('?type=EMAIL_ADDRESS')) as [Found];
      await vault.post(`/datasets/${mine}/branches`, { name: 'other' });
      expect((await list('?ref=other&status=false_positive')).map(({ id }) => id)).toEqual([desk.id]);
      const changed = { 'if-match': '"0"' };
      expect((await decide(desk.id, { decision: 'accept' }, changed)).body.code).toBe('VERSION_MISMATCH');
      const second = await decide(desk.id, { decision: 'accept' }, { 'if-match': '"1"' });
      expect([second.body.status, second.headers.get('etag')]).toEqual(['accepted', '"2"']);
      const { body } = await vault.importLines(mine, '{"x":"desk.nord@example.org"}\n');
      expect(body['findings_by_type']).toEqual({ EMAIL_ADDRESS: 1 });
      expect((await stats())['findings_by_type']).toMatchObject({ EMAIL_ADDRESS: 4 });
    });

    it('is open again when its time is over', async () => {
      const [phone] = (await list('?type=PHONE_NUMBER')) as [Found];
      const { tries } = await untilSoon(
        async (expires_at) => {
          const { status } = await decide(phone.id, { decision: 'false_positive', expires_at });
          expect(status).toBe(200);
        },
        async () => (await list('?status=open&type=PHONE_NUMBER')).length === 0,
      );
      decisions += tries;
      while ((await list('?status=open&type=PHONE_NUMBER')).length === 0);
      expect((await stats())['findings_by_type']).toMatchObject({ PHONE_NUMBER: 1 });
    });

    it('is decided about by who may, with words that hold no personal data, and audited', async () => {
      const [first] = (await list()) as [Found];
      const personal = await decide(first.id, { decision: 'accept', reason: 'it is olga.brandt@example.org' });
      expect(personal.body.code).toBe('REASON_PERSONAL');
      const nothing = `${first.id.slice(0, -2)}9B`;
      expect((await decide(nothing, { decision: 'accept' })).body.code).toBe('FINDING_NOT_FOUND');
      const scopes = ['pii:decide', 'record:read'];
      const other = await vault.newDataset();
      const key = await vault.post<{ key: string }>('/api-keys', { name: 'narrow', scopes, dataset_ids: [other] });
      const denied = await vault.ask<Problem>('POST', `/pii/findings/${first.id}/decision`, {
        body: { decision: 'accept', reason: 'Looked at it' },
        token: key.body.key,
      });
      expect(denied.status).toBe(403);
      const { body } = await vault.get<{ items: { reason: string; details: object }[] }>(
        '/audit/events?action=finding.decide&limit=100',
      );
      expect(body.items.length).toBe(decisions);
      expect(JSON.stringify(body.items)).not.toMatch(/example\.org|7946/);
    });
  });

  describe('that is taken out by a policy', () => {
    const TEXT = 'Card 4111 1111 1111 1111, mail nils.holm@example.org, see https://nils.holm.name/garden';
    const anonymized = async (policy: string): Promise<unknown> =>
      (await vault.post('/pii/anonymize', { text: TEXT, policy })).body['text'];
    const copied = async (source: string, how: Record<string, unknown>): Promise<[string, object, string]> => {
      const { body } = await vault.post<{ job_id: string; dataset_id: string }>(`/datasets/${source}/anonymize`, {
        name: `by ${JSON.stringify(how)}`,
        ...how,
      });
      const job = await vault.until<{ status: string; result: object }>(`/jobs/${body.job_id}`, (answer) =>
        /completed|failed/.test(answer.body.status),
      );
      const { text } = await vault.get(`/datasets/${body.dataset_id}/export`);
      return [text, job.body.result, body.dataset_id];
    };

    it('has presets, each with its own way', async () => {
      const { body } = await vault.get<{ items: { id: string; preset: boolean }[] }>('/anonymization-policies');
      expect(body.items.map(({ id, preset }) => [id, preset])).toEqual(
        ['gdpr', 'hipaa', 'pci-dss', 'ccpa', 'soc2'].map((name) => [name, true]),
      );
      expect(await anonymized('pci-dss')).toBe(TEXT.replace('4111 1111 1111 1111', '**** **** **** 1111'));
      expect(await anonymized('hipaa')).toBe('Card [CREDIT_CARD], mail [EMAIL_ADDRESS], see [URL]');
      expect(await anonymized('gdpr')).toMatch(/^Card \[CREDIT_CARD\], mail \[EMAIL_ADDRESS#\w+\], see https/);
      expect(await anonymized('soc2')).toMatch(/^Card \*\*\*\* \*\*\*\* \*\*\*\* 1111, mail n\*/);
      const both = await vault.post<Problem>('/pii/anonymize', { text: TEXT, policy: 'gdpr', strategy: 'mask' });
      expect(refusal(both)).toEqual([422, 'VALIDATION_FAILED', ['/policy']]);
      const { body: none } = await vault.post<Problem>('/pii/anonymize', { text: TEXT, policy: 'coppa' });
      expect(none.code).toBe('POLICY_NOT_FOUND');
    });

    it('is one of the own, copied and changed, by who has seen the last version', async () => {
      const copy = {
        name: 'research',
        based_on: 'hipaa',
        strategies: { email_address: 'mask', badge_number: 'remove' },
      };
      const made = await vault.post<Made>('/anonymization-policies', copy);
      expect(made.body).toMatchObject({
        preset: false,
        strategy: 'redact',
        strategies: { EMAIL_ADDRESS: 'mask', BADGE_NUMBER: 'remove' },
        extra_types: ['LOCATION', 'URL'],
        min_confidence: 0.4,
      });
      expect(await anonymized(made.body.id)).toMatch(/mail n\*+.*, see \[URL\]$/);
      const post = async (body: object) => (await vault.post<Problem>('/anonymization-policies', body)).body.code;
      expect(await post(copy)).toBe('POLICY_NAME_TAKEN');
      expect(await post({ name: 'gdpr' })).toBe('POLICY_NAME_TAKEN');
      expect(await post({ name: 'x', types: ['NOTHING'] })).toBe('UNKNOWN_PII_TYPE');
      expect(await post({ name: 'x', strategy: 'nothing' })).toBe('UNKNOWN_STRATEGY');
      const path = `/anonymization-policies/${made.body.id}`;
      const put = (version: number) =>
        vault.ask<Problem & Made>('PUT', path, {
          body: { name: 'research', strategy: 'mask', types: ['EMAIL_ADDRESS'] },
          headers: { 'if-match': `"${version}"` },
        });
      expect((await put(7)).body.code).toBe('VERSION_MISMATCH');
      expect((await put(1)).body.version).toBe(2);
      expect(await anonymized(made.body.id)).toMatch(/^Card 4111 1111 1111 1111, mail n\*/);
      expect((await vault.ask<Problem>('DELETE', '/anonymization-policies/gdpr')).body.code).toBe('POLICY_PRESET');
      expect((await vault.ask('DELETE', path)).status).toBe(204);
      expect((await vault.get<Problem>(path)).body.code).toBe('POLICY_NOT_FOUND');
    });

    it('is seen before it is done, by who may read the records, and that is audited', async () => {
      const mine = await vault.newDataset();
      await vault.importLines(mine, '{"n":12345678901234567890,"mail":"nils.holm@example.org"}\n{"n":2}\n');
      const preview = (body: object, token = vault.token) =>
        vault.post<Problem & { items: { before: string; after: string }[] }>(
          '/anonymization-policies/soc2/preview',
          body,
          { token },
        );
      const { body } = await preview({ dataset_id: mine, limit: 2 });
      expect(body.items).toEqual([
        {
          before: '{"n":12345678901234567890,"mail":"nils.holm@example.org"}',
          after: expect.stringMatching(/^\{"n":12345678901234567890,"mail":"n\*/) as string,
          findings_by_type: { EMAIL_ADDRESS: 1 },
        },
        { before: '{"n":2}', after: '{"n":2}', findings_by_type: {} },
      ]);
      expect((await preview({ texts: [TEXT, 'none'] })).body.items.length).toBe(2);
      expect((await preview({ texts: ['x'], dataset_id: mine })).status).toBe(422);
      const { body: audit } = await vault.get<{ items: object[] }>(`/audit/events?action=record.list&resource=${mine}`);
      expect(audit.items.length).toBe(1);
      const key = await vault.post<{ key: string }>('/api-keys', { name: 'detector', scopes: ['pii:detect'] });
      expect((await preview({ dataset_id: mine }, key.body.key)).status).toBe(403);
      expect((await preview({ texts: ['x'] }, key.body.key)).status).toBe(200);
    });

    it('makes copies of datasets, whose job says by which it was', async () => {
      const mine = await vault.newDataset();
      await vault.importLines(
        mine,
        '{"a":"4111 1111 1111 1111","b":"nils.holm@example.org","c":"https://nils.holm.name/garden"}\n',
      );
      const [cards, result] = await copied(mine, { policy: 'pci-dss' });
      expect(cards).toBe(
        '{"a":"**** **** **** 1111","b":"nils.holm@example.org","c":"https://nils.holm.name/garden"}\n',
      );
      expect(result).toMatchObject({ policy: 'pci-dss', residual_findings: 0 });
      expect((await copied(mine, { policy: 'hipaa' }))[0]).toBe(
        '{"a":"[CREDIT_CARD]","b":"[EMAIL_ADDRESS]","c":"[URL]"}\n',
      );
    });

    it('is the same invented person all over a copy, whom nothing finds there', async () => {
      const mine = await vault.newDataset();
      await vault.importLines(mine, '{"name":"Nils Holm"}\n{"t":"call Nils Holm"}\n{"born":"born 1980-02-14"}\n');
      const strategies = { date_of_birth: 'date-shift:days=30' };
      const [text, result, copy] = await copied(mine, { strategy: 'Pseudonym', strategies });
      const [, name, again, born] =
        /^\{"name":"(.+)"\}\n\{"t":"call (.+)"\}\n\{"born":"born (.+)"\}\n$/.exec(text) ?? [];
      expect([name, again === name, born]).toEqual([
        expect.not.stringMatching(/nils|holm|\[/i),
        true,
        expect.stringMatching(/^19(79|80)-\d\d-\d\d$/),
      ]);
      expect(result).toMatchObject({
        strategy: 'pseudonym',
        strategies: { DATE_OF_BIRTH: 'date_shift:days=30' },
        residual_findings: 0,
      });
      expect((await vault.get<{ items: object[] }>(`/datasets/${copy}/findings`)).body.items).toEqual([]);
      const [tenantWide] = await copied(mine, { strategy: 'pseudonym:scope=tenant' });
      const { body } = await vault.post<{ data: { name: string } }>('/pii/anonymize', {
        data: { name: 'NILS HOLM' },
        strategy: 'pseudonym:scope=tenant',
      });
      expect(body.data.name.toLowerCase()).toBe(
        (JSON.parse(tenantWide.split('\n')[0]!) as { name: string }).name.toLowerCase(),
      );
      const wrong = await vault.post<Problem>('/pii/anonymize', { text: 'x', strategy: 'mask:last=99' });
      expect(wrong.body.code).toBe('UNKNOWN_STRATEGY');
    });
  });
});
