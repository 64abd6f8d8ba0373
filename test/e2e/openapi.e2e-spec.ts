import { startVault, type Vault } from '../support/vault.ts';

interface Operation {
  summary?: string;
  responses: Record<string, unknown>;
  parameters?: { in: string; name: string; required?: boolean }[];
  security?: object[];
  requestBody?: { content: Record<string, { schema: { $ref?: string; example?: unknown }; example?: unknown }> };
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { example?: unknown; examples?: unknown[] }> };
}

/** What these want, only one person has, and only once: no example can hold it. */
const NEED_A_SECRET =
  /\/auth\/(login|token|password|refresh|invitations\/accept|second-factor\/(sign-in|confirm|remove))$|\/signature$/;

describe('the OpenAPI document', () => {
  let vault: Vault;
  let document: Document;
  beforeAll(async () => {
    vault = await startVault();
    ({ body: document } = await vault.get<Document>('/docs-json'));
  });
  afterAll(() => vault.remove());

  const operations = (): [string, string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, string, Operation] => [method, path, operation]),
    );

  it('is valid OpenAPI 3.1', async () => {
    const { Validator } = (await import('@seriousme/openapi-schema-validator')) as unknown as {
      Validator: new () => { validate(document: object): Promise<{ valid: boolean; errors?: unknown }> };
    };
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)) as object);
    expect(result.errors ?? []).toEqual([]);
    expect([document.openapi, result.valid]).toEqual(['3.1.0', true]);
  });

  it('has a summary, an answer and an error answer for every operation', () => {
    const poor = operations().filter(
      ([, , { summary, responses }]) =>
        !summary || !('default' in responses) || !Object.keys(responses).some((code) => /^[23]/.test(code)),
    );
    expect(poor.map(([method, path]) => `${method} ${path}`)).toEqual([]);
  });

  it('asks for no header: what must be sent is in the address or the body', () => {
    const asking = operations().filter(([, , { parameters = [] }]) =>
      parameters.some((parameter) => parameter.in === 'header' && parameter.required),
    );
    expect(asking.map(([method, path]) => `${method} ${path}`)).toEqual([]);
  });

  it('lets an API key in wherever it lets a token in', () => {
    const guarded = operations().filter(([, , { security }]) => security);
    const schemes = new Set(guarded.map(([, , { security }]) => JSON.stringify(security)));
    expect([guarded.length > 20, [...schemes]]).toEqual([true, ['[{"bearer":[]},{"api-key":[]}]']]);
  });

  it('makes no example out of the least number there is', () => {
    expect(JSON.stringify(document)).not.toContain(String(Number.MIN_SAFE_INTEGER));
  });

  it('names no schema that is not there', () => {
    const text = JSON.stringify(document);
    const named = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in document.components.schemas))).toEqual([]);
    expect(text.includes('$defs')).toBe(false);
  });

  it('has examples that work when they are sent as they are', async () => {
    const dataset = await vault.newDataset();
    await vault.importLines(dataset, '{"text":"jane@example.org"}\n');
    const { body: page } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/records`);
    const user = await vault.post<{ id: string }>('/users', { email: 'ada@example.org', roles: [] });
    const key = await vault.post<{ id: string }>('/api-keys', { name: 'example', scopes: ['dataset:read'] });
    const role = await vault.post<{ id: string }>('/roles', { name: 'example', permissions: ['dataset:read'] });
    const examples = { match: ['B-1'] };
    const type = await vault.post<{ id: string }>('/pii/custom-types', { name: 'BADGE', words: ['B-1'], examples });
    const { body: findings } = await vault.get<{ items: { id: string }[] }>(`/datasets/${dataset}/findings`);
    const policy = await vault.post<{ id: string }>('/anonymization-policies', { name: 'example' });
    await vault.post('/views', { name: 'main', policy: 'gdpr' });
    const file = { name: 'example', content_type: 'application/x-ndjson' };
    const upload = await vault.post<{ id: string }>(`/datasets/${dataset}/uploads`, file);
    const search = await searched(vault);
    const request = await requested(vault);
    const ids = {
      '/merge-requests': request.dataset,

      '/duplicates/': search.dataset,

      '/anonymization-policies/': policy.body.id,

      '/v1/uploads/': upload.body.id,

      '/pii/findings/': findings.items[0]!.id,

      '/custom-types/': type.body.id,
      '/users/': user.body.id,
      '/api-keys/': key.body.id,
      '/roles/{': role.body.id,
    };
    const idOf = (path: string): string => Object.entries(ids).find(([part]) => path.includes(part))?.[1] ?? dataset;
    const answers: [string, number][] = [];
    // Last of all: after it nothing is written any more.
    const ordered = operations().sort(
      ([, a], [, b]) => Number(a.endsWith('/maintenance')) - Number(b.endsWith('/maintenance')),
    );
    for (const [method, path, { requestBody }] of ordered) {
      if (!requestBody || NEED_A_SECRET.test(path)) continue;
      const [[type, { schema, example }]] = Object.entries(requestBody.content) as [
        [string, { schema: { $ref?: string; example?: unknown }; example?: unknown }],
      ];
      const named = (schema.$ref ?? '').split('/').at(-1)!;
      const component = document.components.schemas[named];
      const sent = example ?? schema.example ?? component?.example ?? component?.examples?.[0];
      const answer = await fetch(
        `${vault.url}${path.replace('{id}', idOf(path)).replace('{rid}', page.items[0]!.id).replace('{job}', search.job).replace('{mr}', request.id).replace('{review}', request.review).replace('{name}', 'main').replace('{number}', '1')}`,
        {
          method: method.toUpperCase(),
          headers: { authorization: `Bearer ${vault.token}`, 'content-type': type },
          body: typeof sent === 'string' ? sent : JSON.stringify(sent),
        },
      );
      answers.push([`${method} ${path} ${sent === undefined ? 'without example' : ''}`, answer.status]);
    }
    expect(answers.filter(([, status]) => status >= 300)).toEqual([]);
    expect(answers.length).toBeGreaterThan(4);
  });

  it('is shown with its own page', async () => {
    const { status, text } = await vault.get('/docs');
    expect([status, text.includes('LLM Data Vault')]).toEqual([200, true]);
  });
});

/** A dataset of its own, as another search would take this one's place. */
async function searched(vault: Vault): Promise<{ dataset: string; job: string }> {
  const dataset = await vault.newDataset();
  const { body } = await vault.post<{ job_id: string }>(`/datasets/${dataset}/duplicates`, {});
  await vault.until<{ status: string }>(`/jobs/${body.job_id}`, (each) => each.body.status === 'completed');
  return { dataset, job: body.job_id };
}

/** Asked for by somebody else: nobody reviews their own work. Both branches have something that `main` has not. */
async function requested(vault: Vault): Promise<{ dataset: string; id: string; review: string }> {
  const who = { email: 'hedy@example.org', password: 'some other phrase of words' };
  await vault.post('/users', { ...who, roles: ['data-engineer'] });
  const ask = { token: await vault.signIn(who) };
  const dataset = await vault.newDataset();
  for (const name of ['cleaning', 'wording']) {
    await vault.post(`/datasets/${dataset}/branches`, { name }, ask);
    await vault.post(`/datasets/${dataset}/records?branch=${name}`, { content: name }, ask);
  }
  const requests = `/datasets/${dataset}/merge-requests`;
  const { body } = await vault.post<{ id: string }>(requests, { title: 'example', source: 'wording' }, ask);
  const review = await vault.post<{ id: string }>(`${requests}/${body.id}/reviews`, { decision: 'request_changes' });
  return { dataset, id: body.id, review: review.body.id };
}
