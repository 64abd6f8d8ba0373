// People and programs getting in, over HTTP: sessions, users, API keys, the second factor, and taking all of it back.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { dumpOf } from '../support/at-rest.ts';
import { codeOf } from '../support/authenticator-app.ts';
import { type Answer, type LogLine, startVault, type Vault } from '../support/vault.ts';

interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}
interface Problem {
  code: string;
  errors?: { pointer: string; detail: string }[];
}
interface User {
  id: string;
  status: string;
  invitation: string;
}
interface Key {
  id: string;
  key: string;
  old_secret_until: string | null;
}

const PHRASE = 'a phrase of several plain words';
const ANONYMOUS = { token: null };
const address = (): string => `u${randomBytes(6).toString('hex')}@example.org`;

describe('identity', () => {
  let vault: Vault;
  /** Sent again within ten seconds, as by a client that lost the answer; what comes later is tried at the end. */
  let theft: { stolen: Tokens; own: Tokens; again: Tokens; at: number };
  beforeAll(async () => {
    vault = await startVault();
    const stolen = (await login((await newUser()).email)).body;
    const refresh = async (): Promise<Tokens> =>
      (await vault.post<Tokens>('/auth/refresh', { refresh_token: stolen.refresh_token }, ANONYMOUS)).body;
    theft = { stolen, own: await refresh(), again: await refresh(), at: Date.now() };
  });
  afterAll(() => vault.remove());

  const login = (email: string, password = PHRASE): Promise<Answer<Tokens>> =>
    vault.post<Tokens>('/auth/login', { email, password }, ANONYMOUS);
  const me = async (token: string): Promise<number> => (await vault.get('/auth/me', { token })).status;
  const newUser = async (roles: string[] = []): Promise<User & { email: string }> => {
    const email = address();
    const { body, status } = await vault.post<User>('/users', { email, roles, password: PHRASE });
    expect(status).toBe(201);
    return { ...body, email };
  };
  const newKey = async (more: object = {}, token = vault.token): Promise<Key> => {
    const terms = { name: 'a program', scopes: ['dataset:read', 'dataset:import', 'account:read'], ...more };
    const { body, status } = await vault.post<Key>('/api-keys', terms, { token });
    expect(status).toBe(201);
    return body;
  };

  describe('a session', () => {
    it('begins with a sign-in, goes on by refreshing, and ends with signing out', async () => {
      const { email } = await newUser();
      const first = (await login(email)).body;
      expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
      const { body: second } = await vault.post<Tokens>(
        '/auth/refresh',
        { refresh_token: first.refresh_token },
        ANONYMOUS,
      );
      expect([await me(first.access_token), await me(second.access_token)]).toEqual([200, 200]);
      const out = await vault.post('/auth/logout', undefined, { token: second.access_token });
      expect([out.status, out.text]).toEqual([204, '']);
      expect([await me(first.access_token), await me(second.access_token)]).toEqual([401, 401]);
      const late = await vault.post('/auth/refresh', { refresh_token: second.refresh_token }, ANONYMOUS);
      expect(late.status).toBe(401);
    });

    it('is listed with the others of its user, and can be ended from any of them', async () => {
      const { email } = await newUser();
      const [here, there] = [(await login(email)).body, (await login(email)).body];
      const asked = { token: here.access_token };
      const list = async () =>
        (await vault.get<{ items: { id: string; current: boolean; user_agent: string }[] }>('/auth/sessions', asked))
          .body.items;
      const items = await list();
      expect(items.filter(({ current }) => current)).toHaveLength(1);
      expect(items).toHaveLength(2);
      const other = items.find(({ current }) => !current)!;
      expect((await vault.ask('DELETE', `/auth/sessions/${other.id}`, asked)).status).toBe(204);
      expect([await me(there.access_token), await me(here.access_token)]).toEqual([401, 200]);
      expect((await vault.ask<Problem>('DELETE', `/auth/sessions/${other.id}`, asked)).body.code).toBe(
        'SESSION_NOT_FOUND',
      );
      const adminsOwn = (await vault.get<{ items: { id: string }[] }>('/auth/sessions')).body.items[0]!;
      expect((await vault.ask('DELETE', `/auth/sessions/${adminsOwn.id}`, asked)).status).toBe(404);
      expect((await vault.ask('DELETE', '/auth/sessions', asked)).status).toBe(204);
      expect(await me(here.access_token)).toBe(401);
    });
  });

  describe('a user', () => {
    it('is invited, chooses a password once, and may do nothing that no role allows', async () => {
      const email = address();
      const { body: invited } = await vault.post<User>('/users', { email });
      expect(invited).toMatchObject({ status: 'invited', invitation: expect.stringMatching(/^ldi_/) as string });
      const accept = (password: string) =>
        vault.post<Problem>('/auth/invitations/accept', { token: invited.invitation, password }, ANONYMOUS);
      const easy = await accept('passwordpassword');
      expect([easy.status, easy.body.code, easy.body.errors?.[0]?.pointer]).toEqual([
        422,
        'PASSWORD_REFUSED',
        '/password',
      ]);
      expect((await accept(PHRASE)).status).toBe(204);
      expect((await accept(PHRASE)).body.code).toBe('INVITATION_INVALID');
      const { access_token: token } = (await login(email)).body;
      expect((await vault.get<{ status: string }>(`/users/${invited.id}`)).body.status).toBe('active');
      for (const path of ['/users', '/datasets', '/audit/events']) {
        expect((await vault.get(path, { token })).status).toBe(403);
      }
      expect((await vault.post('/api-keys', { name: 'x', scopes: ['dataset:read'] }, { token })).status).toBe(403);
    });

    it('is locked, unlocked, disabled and opened again', async () => {
      const { id, email } = await newUser();
      const { access_token: token } = (await login(email)).body;
      const after = async (answer: Promise<Answer<User>>): Promise<[string, number, number]> => [
        (await answer).body.status,
        await me(token),
        (await login(email)).status,
      ];
      expect(await after(vault.post<User>(`/users/${id}/lock`))).toEqual(['locked', 401, 401]);
      expect(await after(vault.post<User>(`/users/${id}/unlock`))).toEqual(['active', 200, 200]);
      expect(await after(vault.ask<User>('PATCH', `/users/${id}`, { body: { disabled: true } }))).toEqual([
        'disabled',
        401,
        401,
      ]);
      expect(await after(vault.ask<User>('PATCH', `/users/${id}`, { body: { disabled: false } }))).toEqual([
        'active',
        401,
        200,
      ]);
    });

    it('given a role has its rights at once', async () => {
      const { id, email } = await newUser();
      const { access_token: token } = (await login(email)).body;
      expect((await vault.get('/datasets', { token })).status).toBe(403);
      await vault.ask('PATCH', `/users/${id}`, { body: { roles: ['admin'] } });
      expect((await vault.get('/datasets', { token })).status).toBe(200);
      const unknown = await vault.ask<Problem>('PATCH', `/users/${id}`, { body: { roles: ['nobody-made-this'] } });
      expect(unknown.status).toBe(422);
    });

    it('changes the own password, which ends the other sessions', async () => {
      const { email } = await newUser();
      const [here, there] = [(await login(email)).body, (await login(email)).body];
      const change = (current: string, next: string) =>
        vault.post<Problem>(
          '/auth/password',
          { current_password: current, new_password: next },
          { token: here.access_token },
        );
      expect((await change('wrong', 'yet another phrase of words')).status).toBe(401);
      expect((await change(PHRASE, 'short')).body.code).toBe('PASSWORD_REFUSED');
      expect((await change(PHRASE, 'yet another phrase of words')).status).toBe(204);
      expect([await me(here.access_token), await me(there.access_token)]).toEqual([200, 401]);
      expect([(await login(email)).status, (await login(email, 'yet another phrase of words')).status]).toEqual([
        401, 200,
      ]);
    });

    it('is guessed at ten times, whether there is one or not', async () => {
      for (const email of [(await newUser()).email, address()]) {
        for (let i = 0; i < 10; i += 1) expect((await login(email, 'wrong')).status).toBe(401);
        const blocked = await vault.post<Problem>('/auth/login', { email, password: PHRASE }, ANONYMOUS);
        expect([blocked.status, blocked.body.code, blocked.headers.get('retry-after')]).toEqual([
          429,
          'SIGN_IN_BLOCKED',
          '600',
        ]);
      }
    });

    it('who is an administrator cannot lock himself out', async () => {
      const { body } = await vault.get<{ id: string }>('/auth/me');
      expect((await vault.post<Problem>(`/users/${body.id}/lock`)).body.code).toBe('OWN_ACCOUNT');
    });

    it('is made once for an address', async () => {
      const { email } = await newUser();
      expect((await vault.post<Problem>('/users', { email: email.toUpperCase() })).body.code).toBe('EMAIL_TAKEN');
      expect((await vault.post('/users', { email: 'no address' })).status).toBe(422);
    });
  });

  describe('an API key', () => {
    it('gets in by either header, and by no two at once', async () => {
      const { key } = await newKey();
      const by = async (headers: Record<string, string>): Promise<number> =>
        (await vault.get('/datasets', { token: null, headers })).status;
      expect(await by({ authorization: `Bearer ${key}` })).toBe(200);
      expect(await by({ 'x-api-key': key })).toBe(200);
      expect(await by({ 'x-api-key': key, authorization: `Bearer ${key}` })).toBe(401);
      expect(await by({ 'x-api-key': `${key.slice(0, -1)}~` })).toBe(401);
    });

    it('does what its scopes say, and never what would let it take over the account', async () => {
      const { key: token } = await newKey();
      const dataset = await vault.newDataset();
      const file = { raw: '{"a":1}\n', headers: { 'content-type': 'application/x-ndjson' }, token };
      expect((await vault.ask('POST', `/datasets/${dataset}/imports`, file)).status).toBe(201);
      expect((await vault.get(`/datasets/${dataset}/export`, { token })).status).toBe(403);
      expect((await vault.post('/auth/logout', undefined, { token })).status).toBe(403);
      expect((await vault.post('/api-keys', { name: 'x', scopes: ['dataset:read'] }, { token })).status).toBe(403);
      for (const scopes of [['account:write'], ['api-key:write'], ['user:write'], []]) {
        expect((await vault.post('/api-keys', { name: 'x', scopes })).status).toBe(422);
      }
    });

    it('for some datasets reaches no other', async () => {
      const [mine, other] = [await vault.newDataset(), await vault.newDataset()];
      const { key: token } = await newKey({ dataset_ids: [mine] });
      const statuses = await Promise.all(
        [`/datasets/${mine}`, '/auth/me', `/datasets/${other}`].map(
          async (path) => (await vault.get(path, { token })).status,
        ),
      );
      expect(statuses).toEqual([200, 200, expect.any(Number)]);
      expect([403, 404]).toContain(statuses[2]);
    });

    it('for some addresses is refused from any other', async () => {
      const { key: here } = await newKey({ allowed_ips: ['127.0.0.0/8', '::1'] });
      const { key: elsewhere } = await newKey({ allowed_ips: ['192.0.2.0/24'] });
      const before = vault.log.length;
      expect([await me(here), await me(elsewhere)]).toEqual([200, 401]);
      const isOfKey = (line: LogLine): boolean =>
        line['event_type'] === 'authentication' && line['method'] === 'api-key';
      const line = await vault.logged(isOfKey, before);
      expect(line).toMatchObject({
        result: 'denied',
        actor: expect.stringMatching(/^usr_/) as string,
        ip: expect.any(String) as string,
      });
      expect(line).toHaveProperty('request_id');
    });

    it('is rotated, with or without a time in which the old secret still works', async () => {
      const first = await newKey();
      const second = (await vault.post<Key>(`/api-keys/${first.id}/rotate`, { grace_minutes: 5 })).body;
      expect([await me(first.key), await me(second.key)]).toEqual([200, 200]);
      const third = (await vault.post<Key>(`/api-keys/${first.id}/rotate`)).body;
      expect([await me(first.key), await me(second.key), await me(third.key)]).toEqual([401, 401, 200]);
    });

    it('is shown with its secret once, changed, and revoked', async () => {
      const { id, key } = await newKey();
      await me(key);
      const shown = await vault.get<Record<string, unknown>>(`/api-keys/${id}`);
      expect(shown.body).toMatchObject({ name: 'a program', hint: key.slice(-4), dataset_ids: null, allowed_ips: [] });
      expect(shown.text).not.toContain(key.slice(9, 40));
      expect((await vault.get('/api-keys?limit=100')).text).not.toContain(key.slice(9, 40));
      await vault.ask('PATCH', `/api-keys/${id}`, { body: { scopes: ['job:read'] } });
      expect(await me(key)).toBe(403);
      expect((await vault.ask('DELETE', `/api-keys/${id}`)).status).toBe(204);
      expect([await me(key), (await vault.get(`/api-keys/${id}`)).status]).toEqual([401, 404]);
    });

    it('ends with its owner', async () => {
      const { id, email } = await newUser(['admin']);
      const { key } = await newKey({}, (await login(email)).body.access_token);
      expect(await me(key)).toBe(200);
      const revoked = await vault.post(`/users/${id}/revoke`, { api_keys: true });
      expect(revoked.body).toEqual({ sessions: 1, api_keys: 1 });
      expect(await me(key)).toBe(401);
    });

    it('cannot have ended before it was made', async () => {
      const past = { name: 'x', scopes: ['dataset:read'], expires_at: '2020-01-01T00:00:00Z' };
      expect((await vault.post('/api-keys', past)).status).toBe(422);
    });
  });

  describe('a second factor', () => {
    it('is enrolled, asked for, replaced by a recovery code, and removed', async () => {
      const { id, email } = await newUser();
      const { access_token: token } = (await login(email)).body;
      const ask = <B>(path: string, body?: object) => vault.post<B>(`/auth/second-factor${path}`, body, { token });
      const { body: enrolled } = await ask<{ secret: string; otpauth_uri: string }>('');
      expect(enrolled.otpauth_uri).toMatch(/^otpauth:\/\/totp\/.*issuer=llm-data-vault/);
      expect((await ask<Problem>('/confirm', { code: '00000x' })).body.code).toBe('CODE_WRONG');
      const used = codeOf(enrolled.secret);
      const { body: confirmed } = await ask<{ recovery_codes: string[] }>('/confirm', { code: used });
      expect(confirmed.recovery_codes).toHaveLength(10);

      const half = await vault.post<{ pending_token: string }>('/auth/login', { email, password: PHRASE }, ANONYMOUS);
      expect(half.body).toMatchObject({ second_factor_required: true, expires_in: 300 });
      expect(half.text).not.toContain('access_token');
      const { pending_token } = half.body;
      expect(await me(pending_token)).toBe(401);
      const step = (code: string) =>
        vault.post<Tokens>('/auth/second-factor/sign-in', { pending_token, code }, ANONYMOUS);
      expect((await step(used)).status).toBe(401);
      const next = codeOf(enrolled.secret, 1);
      const signedIn = await step(next);
      expect([signedIn.status, await me(signedIn.body.access_token)]).toEqual([200, 200]);
      expect((await step(next)).status).toBe(401);
      expect((await step(confirmed.recovery_codes[0]!)).status).toBe(200);
      const { body: left } = await vault.get('/auth/second-factor', { token });
      expect(left).toEqual({ enabled: true, recovery_codes_left: 9 });

      expect((await ask('/remove', { code: confirmed.recovery_codes[1]! })).status).toBe(204);
      expect((await login(email)).body).toHaveProperty('access_token');
      expect((await vault.ask<Problem>('DELETE', `/users/${id}/second-factor`)).body.code).toBe(
        'SECOND_FACTOR_MISSING',
      );
    });
  });

  it('logs how everyone got in or did not, with who, how and from where, and tells the audit', async () => {
    const { email } = await newUser();
    const before = vault.log.length;
    const { body } = await login(email);
    await vault.post('/auth/refresh', { refresh_token: body.refresh_token }, ANONYMOUS);
    await login(email, 'wrong');
    await vault.post('/auth/logout', undefined, { token: body.access_token });
    await vault.logged(({ action }) => action === 'auth.sign-out', before);
    const lines = vault.log.filter(({ event_type: type }) => type === 'authentication').slice(-4);
    expect(lines.map(({ action, method, result }) => [action, method, result])).toEqual([
      ['auth.sign-in', 'password', 'allowed'],
      ['auth.refresh', 'refresh-token', 'allowed'],
      ['auth.sign-in', 'password', 'denied'],
      ['auth.sign-out', 'access-token', 'allowed'],
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: 'info',
        actor: expect.stringMatching(/^usr_/) as string,
        ip: expect.any(String) as string,
      });
      expect(line).toHaveProperty('request_id');
    }
    const { text } = await vault.get('/audit/events?limit=20');
    for (const action of ['auth.sign-in', 'auth.refresh', 'session.revoke']) expect(text).toContain(action);
    for (const secret of [email, PHRASE, body.refresh_token, body.access_token]) {
      expect(JSON.stringify(vault.log)).not.toContain(secret);
      expect(text).not.toContain(secret);
    }
  });

  it('keeps nothing at rest that gets anyone in', async () => {
    const { email } = await newUser(['admin']);
    const { body } = await login(email);
    const { body: next } = await vault.post<Tokens>('/auth/refresh', { refresh_token: body.refresh_token }, ANONYMOUS);
    const { key } = await newKey({}, next.access_token);
    const { body: invited } = await vault.post<User>('/users', { email: address() });
    const { body: factor } = await vault.post<{ secret: string }>('/auth/second-factor', undefined, {
      token: next.access_token,
    });
    const secrets = [body.refresh_token, next.refresh_token, key, invited.invitation, factor.secret, PHRASE];
    const found = (await dumpOf(vault)).flatMap(({ name, bytes }) =>
      secrets.filter((secret) => bytes.includes(secret)).map((secret) => [name, secret.slice(0, 4)]),
    );
    expect(found).toEqual([]);
  });

  it('a session is refused everywhere after its refresh token was used by two', async () => {
    const { stolen, own, again } = theft;
    expect(again.refresh_token).toBe(own.refresh_token);
    expect(await me(own.access_token)).toBe(200);
    await delay(Math.max(0, theft.at + 10_200 - Date.now()));
    const late = await vault.post<Problem>('/auth/refresh', { refresh_token: stolen.refresh_token }, ANONYMOUS);
    expect([late.status, late.body.code]).toEqual([401, 'UNAUTHORIZED']);
    expect(await me(own.access_token)).toBe(401);
    expect((await vault.post('/auth/refresh', { refresh_token: own.refresh_token }, ANONYMOUS)).status).toBe(401);
  });
});
