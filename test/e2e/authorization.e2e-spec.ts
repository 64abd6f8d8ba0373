// Who may do what: roles, grants and their conditions, tenants apart from each other on every route there is.
import { randomBytes } from 'node:crypto';
import { untilSoon } from '../support/passing-time.ts';
import { type Answer, type Ask, startVault, type Vault } from '../support/vault.ts';

type Ids = { id: string };
interface Problem {
  code: string;
  detail: string;
}
interface Operation {
  requestBody?: { content: Record<string, { schema: { $ref?: string; example?: unknown }; example?: unknown }> };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { example?: unknown }> };
}
interface Explanation {
  allowed: boolean;
  decided_by: string;
  reason: string;
  would_allow: { roles: string[]; grant: object | null; without: string | null } | null;
}

const PASSWORD = 'some other phrase of words';
const NEVER = 'ds_01jz0000000000000000000000';

describe('authorization', () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startVault();
  });
  afterAll(() => vault.remove());

  const address = (): string => `u${randomBytes(6).toString('hex')}@example.org`;
  async function user(roles: string[]): Promise<{ id: string; token: string }> {
    const email = address();
    const { body } = await vault.post<Ids>('/users', { email, roles, password: PASSWORD });
    return { id: body.id, token: await vault.signIn({ email, password: PASSWORD }) };
  }
  const as = <B = Problem>(token: string, method: string, path: string, ask: Ask = {}): Promise<Answer<B>> =>
    vault.ask<B>(method, path, { ...ask, token });
  const send = { raw: '{"text":"hello"}\n', headers: { 'content-type': 'application/x-ndjson' } };
  const status = async (...ask: Parameters<typeof as>): Promise<number> => (await as(...ask)).status;

  describe('a role', () => {
    it('is listed with what it lets do, and permissions with what they mean', async () => {
      const { body } = await vault.get<{ items: { id: string; built_in: boolean }[] }>('/roles');
      expect(body.items.filter((role) => role.built_in).map(({ id }) => id)).toContain('security-engineer');
      expect((await vault.get('/roles/auditor')).body).toMatchObject({ name: 'auditor', version: null });
      const { body: list } = await vault.get<{ items: object[] }>('/permissions');
      expect(list.items).toContainEqual({
        name: 'record:read',
        description: expect.any(String) as string,
        grantable: true,
      });
    });

    it('is made, changed with If-Match, given, and taken away', async () => {
      const made = await vault.post<Ids>('/roles', { name: 'night-reader', permissions: ['dataset:read'] });
      expect(made.status).toBe(201);
      const path = `/roles/${made.body.id}`;
      const read = await vault.get(path);
      expect(read.headers.get('etag')).toBe('"1"');
      const change = (ifMatch: string) =>
        vault.ask<Problem>('PATCH', path, {
          body: { permissions: ['dataset:read', 'audit:read'] },
          headers: { 'if-match': ifMatch },
        });
      expect((await change('"7"')).body.code).toBe('VERSION_MISMATCH');
      expect((await change('7')).status).toBe(412);
      expect((await change('"1"')).headers.get('etag')).toBe('"2"');

      const { id, token } = await user(['night-reader']);
      expect([await status(token, 'GET', '/datasets'), await status(token, 'GET', '/audit/events')]).toEqual([
        200, 200,
      ]);
      expect((await vault.ask<Problem>('DELETE', path)).body.code).toBe('ROLE_IN_USE');
      await vault.ask('PATCH', `/users/${id}`, { body: { roles: [] } });
      expect(await status(token, 'GET', '/audit/events')).toBe(403);
      expect((await vault.ask('DELETE', path)).status).toBe(204);
      expect((await vault.get<Problem>(path)).body.code).toBe('ROLE_NOT_FOUND');
    });

    it('keeps its conditions when something else of it is changed', async () => {
      const conditions = { purposes: ['audit'], classifications: ['public'] };
      const role = { name: 'narrow', permissions: ['dataset:read'], conditions };
      const { body } = await vault.post<Ids>('/roles', role);
      const changed = await vault.ask<{ rules: object[] }>('PATCH', `/roles/${body.id}`, {
        body: { description: 'x' },
      });
      expect(changed.body.rules).toMatchObject([{ conditions }]);
      const opened = await vault.ask<{ rules: object[] }>('PATCH', `/roles/${body.id}`, { body: { conditions: {} } });
      expect(opened.body.rules).toMatchObject([{ conditions: {} }]);
    });

    it.each([
      ['PATCH', '/roles/admin', { permissions: ['dataset:read'] }, 409],
      ['DELETE', '/roles/admin', undefined, 409],
      ['DELETE', '/roles/never-made', undefined, 404],
      ['POST', '/roles', { name: 'auditor', permissions: ['dataset:read'] }, 409],
      ['POST', '/roles', { name: 'no', permissions: ['everything'] }, 422],
      ['POST', '/roles', { name: 'no', permissions: [] }, 422],
      ['POST', '/roles', { name: 'No Way', permissions: ['dataset:read'] }, 422],
      ['POST', '/roles', { name: 'no', permissions: ['dataset:read'], conditions: { networks: ['x'] } }, 422],
      [
        'POST',
        '/roles',
        { name: 'no', permissions: ['dataset:read'], conditions: { hours: { from: '8', until: '9' } } },
        422,
      ],
      [
        'POST',
        '/roles',
        {
          name: 'no',
          permissions: ['dataset:read'],
          conditions: { hours: { from: '08:00', until: '09:00', zone: 'Mars' } },
        },
        422,
      ],
      ['POST', '/roles', { name: 'no', permissions: ['dataset:read'], tenant_id: 'x' }, 422],
      ['POST', '/users', { email: 'x@example.org', roles: ['never-made'] }, 422],
    ])('is not to be had by %s %s %j', async (method, path, body, expected) => {
      expect((await vault.ask(method, path, { body })).status).toBe(expected);
    });

    it('is lent for a while, and taken back', async () => {
      const { id, token } = await user([]);
      expect(await status(token, 'GET', '/audit/events')).toBe(403);
      const lend = (expires_at: string) => vault.post(`/users/${id}/roles`, { role: 'auditor', expires_at });
      expect((await lend('2001-01-01T00:00:00Z')).status).toBe(422);
      expect((await lend(new Date(Date.now() + 3_600_000).toISOString())).status).toBe(200);
      expect(await status(token, 'GET', '/audit/events')).toBe(200);
      expect((await vault.get<{ items: object[] }>(`/users/${id}/roles`)).body.items).toMatchObject([
        { role: 'auditor' },
      ]);
      expect((await vault.ask('DELETE', `/users/${id}/roles/auditor`)).status).toBe(204);
      expect(await status(token, 'GET', '/audit/events')).toBe(403);
      await untilSoon(lend, async () => (await status(token, 'GET', '/audit/events')) === 200);
      await vault.until<{ items: object[] }>(`/users/${id}/roles`, ({ body }) => body.items.length === 0);
      expect(await status(token, 'GET', '/audit/events')).toBe(403);
    });

    it('does not grow: who may make users makes none that may do more', async () => {
      const own = ['user:write', 'user:read', 'user:lock'];
      await vault.post('/roles', { name: 'help-desk', permissions: own });
      const { token, id } = await user(['help-desk']);
      const boss = await user(['admin']);
      const invite = (roles: string[]) => status(token, 'POST', '/users', { body: { email: address(), roles } });
      expect([await invite(['admin']), await invite([]), await invite(['help-desk'])]).toEqual([403, 201, 201]);
      const attempts: [string, string, unknown][] = [
        ['PATCH', `/users/${boss.id}`, { disabled: true }],
        ['POST', `/users/${boss.id}/invite`, undefined],
        ['DELETE', `/users/${boss.id}/second-factor`, undefined],
        ['PATCH', `/users/${id}`, { roles: ['admin'] }],
      ];
      for (const [method, path, body] of attempts) {
        expect([path, await status(token, method, path, { body })]).toEqual([path, 403]);
      }
    });
  });

  describe('a grant', () => {
    let dataset: string;
    let other: string;
    beforeAll(async () => {
      [dataset, other] = [await vault.newDataset(), await vault.newDataset()];
      for (const id of [dataset, other]) await vault.importLines(id, '{"text":"jane@example.org"}\n');
    });
    const give = (body: object, id = dataset) => vault.post<Ids>(`/datasets/${id}/grants`, body);

    it('opens one dataset to a user, and no list shows another', async () => {
      const { id, token } = await user([]);
      const read = (path: string) => status(token, 'GET', `/datasets/${dataset}${path}`);
      expect([await read(''), await read('/records'), await status(token, 'GET', '/datasets')]).toEqual([
        403, 403, 403,
      ]);
      const permissions = ['dataset:read', 'record:read', 'dataset:import', 'dataset:anonymize'];
      const grant = await give({ user_id: id, permissions });
      expect(grant.status).toBe(201);
      expect([await read(''), await read('/records'), await read('/export')]).toEqual([200, 200, 403]);
      expect(await status(token, 'GET', `/datasets/${other}/records`)).toBe(403);
      const list = await as<{ items: Ids[]; total: number }>(token, 'GET', '/datasets?count=exact');
      expect([list.body.items.map((each) => each.id), list.body.total]).toEqual([[dataset], 1]);

      const imported = await as<Ids>(token, 'POST', `/datasets/${dataset}/imports`, send);
      expect(imported.status).toBe(201);
      const strange = await vault.importLines<Ids>(other, '{"text":"x"}\n');
      expect(await status(token, 'GET', `/imports/${imported.body.id}`)).toBe(200);
      expect(await status(token, 'GET', `/imports/${strange.body.id}`)).toBe(403);
      expect(await status(token, 'GET', `/imports/${strange.body.id}/errors`)).toBe(403);
      expect(await status(token, 'POST', '/datasets', { body: { name: 'mine' } })).toBe(403);

      expect((await vault.ask('DELETE', `/datasets/${dataset}/grants/${grant.body.id}`)).status).toBe(204);
      expect([await read(''), await read('/records')]).toEqual([403, 403]);
    });

    it('goes over to a copy together with its classification; and the own job is there to be followed', async () => {
      const { id, token } = await user([]);
      await give({ user_id: id, permissions: ['dataset:read', 'dataset:anonymize'] });
      const stranger = await user([]);
      const asked = await as<{ job_id: string; dataset_id: string }>(token, 'POST', `/datasets/${dataset}/anonymize`, {
        body: { name: `copy ${id}` },
      });
      expect(asked.status).toBe(202);
      const { job_id: job, dataset_id: copy } = asked.body;
      await vault.until<{ status: string }>(`/jobs/${job}`, ({ body }) => body.status === 'completed');
      expect([await status(token, 'GET', `/jobs/${job}`), await status(stranger.token, 'GET', `/jobs/${job}`)]).toEqual(
        [200, 404],
      );
      expect((await as<{ items: Ids[] }>(stranger.token, 'GET', '/jobs')).body.items).toEqual([]);
      expect(await status(token, 'GET', `/datasets/${copy}`)).toBe(200);
      // How little was taken out of it is for the asker to choose: the copy is no more open than the source.
      expect(await status(token, 'GET', `/datasets/${copy}/records`)).toBe(403);
      expect((await vault.get<{ classification: string }>(`/datasets/${copy}`)).body.classification).toBe(
        'confidential',
      );
      const seen = await as<{ items: object[] }>(token, 'GET', `/datasets/${dataset}/lineage`);
      expect(seen.body.items).toHaveLength(1);
    });

    it('that denies wins over roles, for records, lists and what is about all datasets', async () => {
      const { id, token } = await user(['data-engineer']);
      const read = (): Promise<number> => status(token, 'GET', `/datasets/${dataset}/records`);
      expect(await read()).toBe(200);
      const deny = await give({ user_id: id, effect: 'deny', permissions: ['record:read', 'dataset:read'] });
      expect(await read()).toBe(403);
      const { body } = await as<{ items: Ids[] }>(token, 'GET', '/datasets?limit=100');
      const ids = body.items.map((each) => each.id);
      expect([ids.includes(dataset), ids.includes(other)]).toEqual([false, true]);
      await vault.ask('DELETE', `/datasets/${dataset}/grants/${deny.body.id}`);
      expect(await read()).toBe(200);
    });

    it('holds only for the purpose that is said, and roles by how the dataset is classified', async () => {
      const { token } = await user(['ml-engineer']);
      const read = (purpose?: string): Promise<number> =>
        status(token, 'GET', `/datasets/${dataset}/records`, { headers: purpose ? { 'x-purpose': purpose } : {} });
      expect(await read()).toBe(403);
      const conditions = { purposes: ['training'] };
      const { body } = await give({ role: 'ml-engineer', permissions: ['record:read'], conditions });
      expect([await read(), await read('training'), await read('fun'), await read('x'.repeat(100))]).toEqual([
        403, 200, 403, 403,
      ]);
      await vault.ask('DELETE', `/datasets/${dataset}/grants/${body.id}`);
      const classify = (classification: string) =>
        vault.ask('PUT', `/datasets/${dataset}/classification`, { body: { classification } });
      expect((await classify('internal')).body).toMatchObject({ classification: 'internal', version: 2 });
      expect(await read()).toBe(200);
      await classify('restricted');
      expect(await read()).toBe(403);
      await classify('confidential');
    });

    it('ends by itself', async () => {
      const { id, token } = await user([]);
      const read = (): Promise<number> => status(token, 'GET', `/datasets/${dataset}`);
      const { until } = await untilSoon(
        (expires_at) => give({ user_id: id, permissions: ['dataset:read'], expires_at }),
        async () => (await read()) === 200,
      );
      const deadline = Date.now() + 60_000;
      while ((await read()) !== 403) expect(Date.now()).toBeLessThan(deadline);
      expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
    });

    it('is of an API key as of its owner, and no more', async () => {
      const { id, token } = await user(['ml-engineer']);
      await give({ user_id: id, permissions: ['record:read'] });
      const key = async (change: object): Promise<string> => {
        const body = { name: 'k', scopes: ['dataset:read', 'record:read'], ...change };
        return (await as<{ key: string }>(token, 'POST', '/api-keys', { body })).body.key;
      };
      const [wide, bound] = [await key({}), await key({ dataset_ids: [other] })];
      const reads = async (with_: string, of: string): Promise<number> =>
        status(with_, 'GET', `/datasets/${of}/records`);
      expect([await reads(wide, dataset), await reads(wide, other), await reads(bound, dataset)]).toEqual([
        200, 403, 403,
      ]);
      const { body } = await as<{ items: Ids[] }>(bound, 'GET', '/datasets');
      expect(body.items.map((each) => each.id)).toEqual([other]);
    });

    it.each([
      [{ permissions: ['dataset:read'] }, 422],
      [{ role: 'ci', user_id: 'usr_01jz0000000000000000000000', permissions: ['dataset:read'] }, 422],
      [{ role: 'ci', permissions: ['user:write'] }, 422],
      [{ role: 'ci', permissions: [] }, 422],
      [{ role: 'never-made', permissions: ['dataset:read'] }, 422],
      [{ role: 'admin', permissions: ['dataset:read'], effect: 'deny' }, 409],
      [{ user_id: 'usr_01jz0000000000000000000000', permissions: ['dataset:read'] }, 404],
      [{ role: 'ci', permissions: ['dataset:read'], expires_at: '2001-01-01T00:00:00Z' }, 422],
      [{ role: 'ci', permissions: ['dataset:read'], created_by: 'me' }, 422],
    ])('is not given by %j', async (body, expected) => {
      expect((await give(body)).status).toBe(expected);
      expect((await give({ role: 'ci', permissions: ['dataset:read'] }, NEVER)).status).toBe(404);
    });
  });

  describe('a refusal', () => {
    it('names the permission, and is told to the log with reason and policy (RB-L5)', async () => {
      const { id, token } = await user(['auditor']);
      const dataset = await vault.newDataset();
      const { body, status: code } = await as(token, 'GET', `/datasets/${dataset}/records`);
      expect([code, body.code]).toEqual([403, 'FORBIDDEN']);
      expect(body.detail).toMatch('record:read');
      expect(
        await vault.logged((line) => line['event_type'] === 'authorization' && line['actor'] === id),
      ).toMatchObject({
        result: 'denied',
        action: 'record:read',
        resource: dataset,
        reason: 'the permission is missing',
        policy: 'default',
        actor: id,
        request_id: expect.any(String) as string,
      });
      const { body: events } = await vault.get<{ items: object[] }>(`/audit/events?resource=${dataset}`);
      expect(JSON.stringify(events)).toContain('denied');
    });

    it('is explained: what decided, and what would allow it', async () => {
      const { id, token } = await user(['auditor']);
      const dataset = await vault.newDataset();
      const question = { action: 'record:read', resource: dataset };
      const explain = (change: object = {}, with_ = token) =>
        as<Explanation>(with_, 'POST', '/authz/explain', { body: { ...question, ...change } });
      expect((await explain()).body).toMatchObject({
        allowed: false,
        decided_by: 'default',
        reason: 'the permission is missing',
        would_allow: {
          roles: expect.arrayContaining(['admin', 'data-engineer', 'privacy-officer']) as string[],
          grant: { user_id: id, permissions: ['record:read'] },
          without: null,
        },
      });
      // What it says would be enough is enough.
      const { would_allow } = (await explain()).body;
      const granted = await vault.post(`/datasets/${dataset}/grants`, would_allow!.grant);
      expect(granted.status).toBe(201);
      expect((await explain()).body).toMatchObject({ allowed: true, would_allow: null });
      const deny = { user_id: id, permissions: ['record:read'], effect: 'deny' };
      const denying = await vault.post<Ids>(`/datasets/${dataset}/grants`, deny);
      expect((await explain({ user_id: id }, vault.token)).body).toMatchObject({
        allowed: false,
        decided_by: `grant ${denying.body.id}`,
        would_allow: { roles: [], grant: null, without: `grant ${denying.body.id}` },
      });
      const plain = await user([]);
      expect((await explain({ user_id: id }, plain.token)).status).toBe(403);
      expect((await explain({ resource: NEVER })).status).toBe(404);
    });
  });

  describe('a tenant', () => {
    let theirs: string;
    let ids: Record<string, string>;
    let document: Document;
    beforeAll(async () => {
      const email = address();
      const made = await vault.post<{ invitation: string }>('/tenants', {
        slug: 'south',
        name: 'South',
        admin_email: email,
      });
      const accept = { token: made.body.invitation, password: PASSWORD };
      await vault.post('/auth/invitations/accept', accept, { token: null });
      theirs = await vault.signIn({ email, password: PASSWORD });
      ({ body: document } = await vault.get<Document>('/docs-json'));
      ids = await everything();
    });

    /** One of each kind, in the first tenant, by how its place in an address is called. */
    async function everything(): Promise<Record<string, string>> {
      const dataset = await vault.newDataset('SECRET NAME');
      const made = await vault.importLines<Ids & { commit_id: string }>(dataset, '{"text":"jane@example.org"}\n');
      const records = await vault.get<{ items: Ids[] }>(`/datasets/${dataset}/records`);
      const post = async (path: string, body: object): Promise<string> => {
        const { body: answer, status: code, text } = await vault.post<Ids>(path, body);
        if (code !== 201) throw new Error(`${path} answered ${code} ${text}`);
        return answer.id;
      };
      await vault.post(`/datasets/${dataset}/branches`, { name: 'secret-branch' });
      await vault.post(`/datasets/${dataset}/tags`, { name: 'secret-tag' });
      await vault.post(`/datasets/${dataset}/records?branch=secret-branch`, { content: 'SECRET' });
      const request = { title: 'SECRET REQUEST', source: 'secret-branch' };
      const asked = await post(`/datasets/${dataset}/merge-requests`, request);
      const review = { decision: 'request_changes' };
      const job = await vault.post<{ job_id: string }>(`/datasets/${dataset}/anonymize`, { name: 'SECRET COPY' });
      const search = await vault.post<{ job_id: string }>(`/datasets/${dataset}/duplicates`, {});
      const leakage = await vault.post<{ job_id: string }>(`/datasets/${dataset}/leakage`, {});
      const gates = [{ branches: ['secret-branch'], pii: [{ action: 'quarantine' }] }];
      await vault.ask('PUT', `/datasets/${dataset}/settings`, { body: { gates } });
      const held = await vault.post<{ quarantine_id: string }>(`/datasets/${dataset}/records?branch=secret-branch`, {
        content: 'SECRET jane@example.org',
      });
      const sessions = await vault.get<{ items: Ids[] }>('/auth/sessions');
      const tenants = await vault.get<{ items: Ids[] }>('/tenants');
      const findings = await vault.get<{ items: Ids[] }>(`/datasets/${dataset}/findings`);
      return {
        'datasets/{id}': dataset,
        'records/{rid}': records.body.items[0]!.id,
        'commits/{cid}': made.body.commit_id,
        'branches/{name}': 'secret-branch',
        'tags/{name}': 'secret-tag',
        'grants/{grant}': await post(`/datasets/${dataset}/grants`, { role: 'ci', permissions: ['dataset:read'] }),
        'imports/{id}': made.body.id,
        'jobs/{id}': job.body.job_id,
        'duplicates/{job}': search.body.job_id,
        'leakage/{job}': leakage.body.job_id,
        'merge-requests/{mr}': asked,
        'quarantine/{item}': held.body.quarantine_id,
        'reviews/{review}': await post(`/datasets/${dataset}/merge-requests/${asked}/reviews`, review),
        'uploads/{id}': await post(`/datasets/${dataset}/uploads`, {
          name: 'SECRET FILE',
          content_type: 'application/x-ndjson',
        }),
        'parts/{number}': '1',
        'users/{id}': await post('/users', { email: address(), roles: [] }),
        'users/{id}/roles/{role}': 'auditor',
        'api-keys/{id}': await post('/api-keys', { name: 'SECRET KEY', scopes: ['dataset:read'] }),
        'roles/{id}': await post('/roles', { name: 'secret-role', permissions: ['dataset:read'] }),
        'custom-types/{id}': await post('/pii/custom-types', {
          name: 'SECRET_TYPE',
          words: ['SECRET WORD'],
          examples: { match: ['SECRET WORD'] },
        }),
        'allowlist/{id}': await post('/pii/allowlist', { value: 'SECRET VALUE', reason: 'SECRET REASON' }),
        'findings/{id}': findings.body.items[0]!.id,
        'anonymization-policies/{id}': await post('/anonymization-policies', { name: 'SECRET POLICY' }),
        'views/{name}': await post('/views', { name: 'secret-view', policy: 'gdpr' }).then(() => 'secret-view'),
        'workloads/{id}': await post('/workloads', {
          name: 'SECRET WORKLOAD',
          issuer: 'https://token.actions.githubusercontent.com',
          audience: 'vault',
          claims: { sub: ['x'] },
          roles: ['ci'],
        }),
        'auth/sessions/{id}': sessions.body.items[0]!.id,
        'tenants/{id}': tenants.body.items[0]!.id,
      };
    }

    /** An address of the first tenant's; null when a part of it is of no kind that was made above. */
    function addressOf(path: string): string | null {
      const rest = path.replace('/api/v1/', '');
      let filled = rest;
      for (const name of Object.keys(ids).sort((a, b) => b.length - a.length)) {
        if (!rest.includes(name)) continue;
        const places = [...name.matchAll(/\{\w+\}/g)];
        const [place] = places.at(-1)!;
        const last = filled.lastIndexOf(place);
        const of = name.split('/').at(-2)!;
        if (last >= 0 && filled.slice(0, last).endsWith(`${of}/`)) {
          filled = filled.slice(0, last) + ids[name]! + filled.slice(last + place.length);
        }
      }
      return filled.includes('{') ? null : `/${filled}`;
    }

    function bodyOf({ requestBody }: Operation): Ask {
      if (!requestBody) return {};
      const [[type, { schema, example }]] = Object.entries(requestBody.content) as [
        [string, { schema: { $ref?: string; example?: unknown }; example?: unknown }],
      ];
      const component = document.components.schemas[(schema.$ref ?? '').split('/').at(-1)!];
      const sent = example ?? schema.example ?? component?.example;
      return { raw: typeof sent === 'string' ? sent : JSON.stringify(sent), headers: { 'content-type': type } };
    }

    it('is made with a first administrator, by an administrator of the first tenant alone', async () => {
      const tenant = { slug: 'east', name: 'East', admin_email: address() };
      expect(await status(theirs, 'POST', '/tenants', { body: tenant })).toBe(403);
      expect(await status(theirs, 'GET', '/tenants')).toBe(403);
      const { body } = await vault.get<{ items: { slug: string }[] }>('/tenants');
      expect(body.items.map(({ slug }) => slug)).toEqual(['default', 'south']);
      const again = await vault.post<Problem>('/tenants', { ...tenant, slug: 'south' });
      expect(again.body.code).toBe('TENANT_SLUG_TAKEN');
    });

    it('invariant 3: shows nothing of its own in the lists of another', async () => {
      const lists = Object.entries(document.paths).filter(
        ([path, { get }]) => get && path.startsWith('/api/v1/') && !path.includes('{'),
      );
      for (const [path] of lists) {
        const { text } = await as(theirs, 'GET', path.replace('/api/v1', ''));
        expect(text).not.toContain('SECRET');
        for (const id of Object.values(ids).filter((each) => each.includes('_'))) expect(text).not.toContain(id);
      }
      expect(lists.length).toBeGreaterThan(8);
    });

    it('invariant 3: what is another’s is not there, on every route that takes an id', async () => {
      const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
      );
      const withIds = routes.filter(({ path }) => path.startsWith('/api/v1/') && path.includes('{'));
      const unknown = withIds.filter(({ path }) => !path.includes('{provider}') && addressOf(path) === null);
      // A route with something new in its address: make one of that kind above.
      expect(unknown.map(({ path }) => path)).toEqual([]);

      const answers: [string, number][] = [];
      for (const { method, path, operation } of withIds.filter(({ path: each }) => !each.includes('{provider}'))) {
        const { status: code, text } = await as(theirs, method, addressOf(path)!, bodyOf(operation));
        expect(text).not.toContain('SECRET');
        answers.push([`${method} ${path}`, code]);
      }
      // Of tenants they have no right to know anything, also not of their own.
      expect(answers.filter(([, code]) => code !== 404)).toEqual([['GET /api/v1/tenants/{id}', 403]]);
      expect(answers.length).toBeGreaterThan(30);
    });

    it('invariant 3: and to who reads through views alone nothing is shown as it is, on any route', async () => {
      const permissions = ['record:read-masked', 'dataset:export-masked'];
      await vault.post('/roles', { name: 'through-views', permissions });
      const { token } = await user(['through-views']);
      const open: string[] = [];
      for (const [path, operations] of Object.entries(document.paths)) {
        const address = path.startsWith('/api/v1/') && addressOf(path);
        for (const [method, operation] of Object.entries(address ? operations : {})) {
          // With these they would only end themselves.
          if (/\/auth\//.test(path)) continue;
          for (const query of ['', '?view=secret-view']) {
            const ask = method === 'get' ? {} : bodyOf(operation);
            const { status: code, text } = await as(token, method.toUpperCase(), `${address}${query}`, ask);
            expect([path, text.includes('jane@example.org')]).toEqual([path, false]);
            if (code < 300 && path.includes('/datasets/')) open.push(`${method} ${path}${query}`);
          }
        }
      }
      const datasets = '/api/v1/datasets/{id}';
      expect(open.sort()).toEqual(
        ['/export/manifest', '/export', '/records/{rid}', '/records'].map(
          (route) => `get ${datasets}${route}?view=secret-view`,
        ),
      );
    });

    it('invariant 3: and cannot be named in a body', async () => {
      const own = (await as<Ids>(theirs, 'POST', '/datasets', { body: { name: 'own' } })).body.id;
      const user_id = ids['users/{id}']!;
      const refused: [string, object, number][] = [
        [`/datasets/${own}/grants`, { user_id, permissions: ['dataset:read'] }, 404],
        [`/datasets/${own}/grants`, { role: 'secret-role', permissions: ['dataset:read'] }, 422],
        ['/users', { email: address(), roles: ['secret-role'] }, 422],
        ['/authz/explain', { action: 'dataset:read', user_id }, 404],
        ['/authz/explain', { action: 'dataset:read', resource: ids['datasets/{id}'] }, 404],
      ];
      for (const [path, body, code] of refused) {
        expect([path, await status(theirs, 'POST', path, { body })]).toEqual([path, code]);
      }
      // Names are their own: the same ones are free here.
      expect(await status(theirs, 'POST', '/datasets', { body: { name: 'SECRET NAME' } })).toBe(201);
      expect(
        await status(theirs, 'POST', '/roles', { body: { name: 'secret-role', permissions: ['audit:read'] } }),
      ).toBe(201);
    });

    it('invariant 3: and is as it was', async () => {
      expect((await vault.get<{ total: number }>(`/datasets/${ids['datasets/{id}']}/records`)).status).toBe(200);
      expect((await vault.get<{ status: string }>(`/users/${ids['users/{id}']}`)).body.status).toBe('invited');
      expect((await vault.get(`/api-keys/${ids['api-keys/{id}']}`)).status).toBe(200);
      expect((await vault.get(`/roles/${ids['roles/{id}']}`)).body).toMatchObject({ version: 1 });
      expect((await vault.get<{ items: Ids[] }>('/auth/sessions')).body.items.map(({ id }) => id)).toContain(
        ids['auth/sessions/{id}'],
      );
    });
  });
});
