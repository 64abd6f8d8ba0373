// What comes in from outside: hostile, broken, or just unusual.
import { startVault, type Vault } from '../support/vault.ts';

interface Problem {
  code: string;
  status: number;
  type: string;
  request_id: string;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

describe('the edges of the API', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  const raw = (text: string | Uint8Array, type = 'application/json'): Promise<{ status: number; body: Problem }> =>
    vault.ask<Problem>('POST', '/pii/detect', { raw: text, headers: { 'content-type': type } });

  it.each([
    ['half a body', '{"text":', 400, 'MALFORMED_JSON'],
    ['an empty body', '', 400, 'MALFORMED_JSON'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'MALFORMED_JSON'],
    ['keys that reach for prototypes', '{"text":"a","__proto__":{"admin":true}}', 400, 'MALFORMED_JSON'],
    ['nesting without end', `{"data":${'['.repeat(100)}${']'.repeat(100)}}`, 400, 'MALFORMED_JSON'],
    ['integers that would be altered', '{"data":{"id":12345678901234567890}}', 400, 'UNSAFE_NUMBER'],
    ['unknown fields', '{"text":"a","tenant_id":"x"}', 422, 'VALIDATION_FAILED'],
    ['no input', '{}', 422, 'VALIDATION_FAILED'],
    ['two inputs', '{"text":"a","texts":["b"]}', 422, 'VALIDATION_FAILED'],
    ['a type nobody knows', '{"text":"a","types":["SHOE_SIZE"]}', 422, 'UNKNOWN_PII_TYPE'],
  ])('refuse %s', async (_name, body, status, code) => {
    const answer = await raw(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuse a body of another type', async () => {
    expect((await raw('text=a', 'application/x-www-form-urlencoded')).body.code).toBe('UNSUPPORTED_CONTENT_TYPE');
    expect((await raw('a', 'text/plain')).status).toBe(415);
  });

  it('refuse a body that is too large before it is read', async () => {
    const { status, body } = await raw(JSON.stringify({ text: 'x'.repeat(11 * 1024 * 1024) }));
    expect([status, body.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it('answer every refusal as a problem document that has a page of its own', async () => {
    const { body, headers, status } = await vault.get<Problem>('/nothing-here');
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND', type: '/problems/route-not-found' });
    expect(status).toBe(404);
    const page = await vault.get(body.type);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('### `route-not-found`')]);
  });

  it('point at each place that is wrong', async () => {
    const { body } = await vault.post<Problem>('/datasets', { name: '', description: 7, more: 1 });
    expect(body.errors!.map(({ pointer }) => pointer).sort()).toEqual(['', '/description', '/name']);
  });

  it('take a request id along, and make one where there is none or it could do harm', async () => {
    const given = await vault.get('/auth/me', { headers: { 'x-request-id': 'trace-1' } });
    expect(given.headers.get('x-request-id')).toBe('trace-1');
    const made = await vault.get('/auth/me', { headers: { 'x-request-id': 'a b<script>' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await vault.logged(({ request_id: id }) => id === 'trace-1')).toBeDefined();
  });

  it('send the headers that keep browsers from helping an attacker', async () => {
    const { headers } = await vault.get('/auth/me');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
  });

  it('say how many requests are left', async () => {
    const { headers } = await vault.get('/auth/me');
    expect(Number(headers.get('x-ratelimit-limit'))).toBe(10_000);
    expect(Number(headers.get('ratelimit-remaining'))).toBeGreaterThan(9000);
  });

  it('repeat nothing that was sent, in no answer, log line or metric, on any route', async () => {
    const marker = 'zqxmarker7731';
    interface Document {
      paths: Record<string, Record<string, object>>;
    }
    const { body } = await vault.get<Document>('/docs-json');
    for (const [path, operations] of Object.entries(body.paths)) {
      for (const method of Object.keys(operations)) {
        const url = path.replaceAll(/\{[^}]+\}/g, marker);
        const hasBody = method !== 'get';
        const answer = await fetch(`${vault.url}${url}?${marker}=${marker}&limit=${marker}&cursor=${marker}`, {
          method: method.toUpperCase(),
          headers: { authorization: `Bearer ${vault.token}`, 'content-type': 'application/json', 'user-agent': marker },
          body: hasBody
            ? JSON.stringify({ [marker]: marker, name: { marker }, email: marker, text: [marker] })
            : undefined,
        });
        expect([path, (await answer.text()).includes(marker)]).toEqual([path, false]);
      }
    }
    expect(vault.log.filter((line) => JSON.stringify(line).includes(marker))).toEqual([]);
    expect(await (await fetch(vault.metricsUrl)).text()).not.toContain(marker);
    // Among the routes were those that end sessions.
    vault.token = await vault.signIn();
  });

  it('count offsets as they are asked to', async () => {
    const text = '👩‍👩‍👧 jane@example.org';
    const offsets = async (unit: string): Promise<unknown> =>
      (await vault.post<{ detections: { start: number }[] }>('/pii/detect', { text, offsets: unit })).body
        .detections[0]!.start;
    expect([await offsets('utf16'), await offsets('codepoint'), await offsets('byte')]).toEqual([
      text.indexOf('jane'),
      Array.from(text.slice(0, text.indexOf('jane'))).length,
      Buffer.byteLength(text.slice(0, text.indexOf('jane'))),
    ]);
  });

  it('find and take out what is in text, in several texts and in JSON', async () => {
    const one = await vault.post('/pii/anonymize', { text: 'Mail jane@example.org', strategy: 'redact' });
    expect(one.body).toMatchObject({ text: 'Mail [EMAIL_ADDRESS]', strategy: 'redact' });
    const many = await vault.post('/pii/anonymize', { texts: ['none', 'jane@example.org'], strategy: 'redact' });
    expect(many.body).toMatchObject({ texts: ['none', '[EMAIL_ADDRESS]'], detections: [{ path: '/1' }] });
    const data = await vault.post('/pii/anonymize', { data: { contact: [{ mail: 'jane@example.org' }], n: 1 } });
    expect(data.body).toMatchObject({ data: { contact: [{ mail: '[EMAIL_ADDRESS]' }], n: 1 } });
    expect(data.body['detections']).toMatchObject([{ path: '/contact/0/mail', type: 'EMAIL_ADDRESS' }]);
  });

  it('hash the same value the same way, and tell nothing of it', async () => {
    const hash = async (text: string): Promise<unknown> =>
      (await vault.post('/pii/anonymize', { text, strategy: 'hash' })).body['text'];
    expect(await hash('jane@example.org')).toBe(await hash('jane@example.org'));
    expect(await hash('jane@example.org')).not.toBe(await hash('john@example.org'));
    expect(await hash('jane@example.org')).not.toContain('jane');
  });
});
