// Whoever others vouch for: people by a real identity provider, programs by a token of their platform.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { codeOf } from '../support/authenticator-app.ts';
import { IdentityProvider } from '../support/identity-provider.ts';
import { type Answer, startVault, type Vault } from '../support/vault.ts';

const PUBLIC_URL = 'https://vault.example.org';
const CALLBACK = `${PUBLIC_URL}/api/v1/auth/oidc/sso/callback`;
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';

interface Problem {
  code: string;
  detail: string;
}
interface Tokens {
  access_token: string;
  refresh_token: string;
}
type Ids = { id: string };
const NO = { status: 401, body: { code: 'UNAUTHORIZED' } };

describe('sign-in from outside', () => {
  let provider: IdentityProvider;
  let vault: Vault;
  beforeAll(async () => {
    provider = await IdentityProvider.start(CALLBACK);
    vault = await startVault({
      env: {
        VAULT__PUBLIC_URL: PUBLIC_URL,
        VAULT__OIDC__ISSUER: provider.issuer,
        VAULT__OIDC__CLIENT_ID: 'vault',
        VAULT__OIDC__CLIENT_SECRET: 'the secret of the vault at the provider',
        VAULT__OIDC__EMAIL_DOMAINS: 'example.org,example.com',
        VAULT__OIDC__ROLES: 'vault-audit=auditor,vault-data=data-engineer',
        VAULT__WORKLOAD_ISSUERS: provider.issuer,
      },
    });
  });
  afterAll(async () => {
    provider.stop();
    await vault.remove();
  });

  const named = (): string => `p${randomBytes(6).toString('hex')}`;

  interface Begun {
    cookie: string;
    url: URL;
  }
  async function begin(): Promise<Begun> {
    const answer = await fetch(`${vault.url}/api/v1/auth/oidc/sso/start`, { redirect: 'manual' });
    expect(answer.status).toBe(302);
    const set = answer.headers.get('set-cookie')!;
    expect(set).toMatch(/^__Host-vault-sign-in=\S+; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    return { cookie: set.split(';')[0]!, url: new URL(answer.headers.get('location')!) };
  }
  const comeBack = <B = Tokens & Problem>(query: string, cookie?: string): Promise<Answer<B>> =>
    vault.get<B>(`/auth/oidc/sso/callback${query}`, { token: null, headers: cookie ? { cookie } : {} });
  async function signIn(account: { sub: string } & Record<string, unknown>): Promise<Answer<Tokens & Problem>> {
    await provider.becomes(account);
    const { cookie, url } = await begin();
    const back = await provider.visit(url.href);
    expect(back.href.startsWith(`${CALLBACK}?`)).toBe(true);
    return comeBack(back.search, cookie);
  }
  const me = async (token: string) =>
    (await vault.get<{ id: string; permissions: string[] }>('/auth/me', { token })).body;
  const person = (change: object = {}) => {
    const sub = named();
    return { sub, email: `${sub}@example.org`, email_verified: true, ...change };
  };

  it('goes to the provider with PKCE, state and nonce, and shows none of what it keeps', async () => {
    const { url, cookie } = await begin();
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'vault',
      redirect_uri: CALLBACK,
      code_challenge_method: 'S256',
      scope: 'openid email profile',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]!.length).toBeGreaterThan(40);
    expect(cookie).not.toContain(asked['state']);
    expect(JSON.stringify(vault.log)).not.toContain(asked['state']);
  });

  it('makes a user of who has a verified address of a known domain, with the roles the provider says', async () => {
    const account = person({ groups: ['vault-audit', 'others'] });
    const first = await signIn(account);
    expect(first.status).toBe(200);
    expect(first.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-vault-sign-in=; Max-Age=0;/)]);
    const who = await me(first.body.access_token);
    expect(who.permissions).toContain('audit:read');
    expect(who.permissions).not.toContain('dataset:write');
    const user = await vault.get(`/users/${who.id}`);
    expect(user.body).toMatchObject({ email: account.email, roles: ['auditor'] });
    // The session is like any other one.
    const refreshed = await vault.post<Tokens>(
      '/auth/refresh',
      { refresh_token: first.body.refresh_token },
      { token: null },
    );
    expect(refreshed.status).toBe(200);
    const password = await vault.post<Problem>('/auth/login', { email: account.email, password: '' }, { token: null });
    expect(password).toMatchObject(NO);
    expect(
      vault.log.filter((line) => line['event_type'] === 'authentication' && line['method'] === 'oidc'),
    ).not.toEqual([]);

    // Known by the subject from now on, whatever the address becomes; and the provider takes roles away, too.
    const later = await signIn({
      ...account,
      email: 'other@example.net',
      email_verified: false,
      groups: ['vault-data'],
    });
    const again = await me(later.body.access_token);
    expect(again.id).toBe(who.id);
    expect([again.permissions.includes('dataset:write'), again.permissions.includes('audit:read')]).toEqual([
      true,
      false,
    ]);
  });

  it('links who is here already, and leaves the roles as they are', async () => {
    const account = person({ groups: ['vault-audit'] });
    const { body } = await vault.post<Ids>('/users', { email: account.email.toUpperCase(), roles: ['operator'] });
    const { body: tokens } = await signIn(account);
    expect((await me(tokens.access_token)).id).toBe(body.id);
    await signIn(account);
    expect((await vault.get(`/users/${body.id}`)).body).toMatchObject({ roles: ['operator'] });
    const events = await vault.get(`/audit/events?resource=${body.id}`);
    expect(events.text).toContain('user.link');
  });

  it.each<[string, object]>([
    ['an address nobody has verified', { email_verified: false }],
    ['an address that is said to be verified in words', { email_verified: 'true' }],
    ['no address', { email: undefined }],
    ['an address elsewhere', { email: 'eve@example.net' }],
    ['an address below a known domain', { email: 'eve@sub.example.org' }],
    ['an address that only ends like one', { email: 'eve@notexample.org' }],
    ['two addresses in one', { email: 'eve@example.net@example.org' }],
  ])('makes nobody of somebody with %s', async (_, change) => {
    expect(await signIn(person(change))).toMatchObject(NO);
  });

  it('takes over nobody of another tenant, and nobody who is closed', async () => {
    const [theirs, closed] = [person(), person()];
    await vault.post('/tenants', { slug: named(), name: 'Other', admin_email: theirs.email });
    expect(await signIn(theirs)).toMatchObject(NO);
    const { body } = await vault.post<Ids>('/users', { email: closed.email, roles: [] });
    await vault.ask('PATCH', `/users/${body.id}`, { body: { disabled: true } });
    expect(await signIn(closed)).toMatchObject(NO);
  });

  it('makes one user of somebody who comes twice at once', async () => {
    const account = person();
    await provider.becomes(account);
    const begun = await Promise.all([begin(), begin(), begin()]);
    const ends = await Promise.all(
      begun.map(async ({ cookie, url }) => comeBack((await provider.visit(url.href)).search, cookie)),
    );
    const ids = await Promise.all(ends.map(async ({ body }) => (await me(body.access_token)).id));
    expect(new Set(ids).size).toBe(1);
  });

  it('still asks for the second factor of who has one', async () => {
    const account = person();
    const token = (await signIn(account)).body.access_token;
    const { body } = await vault.post<{ secret: string }>('/auth/second-factor', undefined, { token });
    const codes = { code: codeOf(body.secret) };
    const confirmed = await vault.post<{ recovery_codes: string[] }>('/auth/second-factor/confirm', codes, { token });
    const half = await signIn(account);
    expect(half.body).toMatchObject({ second_factor_required: true });
    expect(half.text).not.toContain('access_token');
    const { pending_token } = half.body as unknown as { pending_token: string };
    const step = { pending_token, code: confirmed.body.recovery_codes[0] };
    const whole = await vault.post<Tokens>('/auth/second-factor/sign-in', step, { token: null });
    expect(whole.status).toBe(200);
    const { body: sessions } = await vault.get<{ items: { method: string; current: boolean }[] }>('/auth/sessions', {
      token: whole.body.access_token,
    });
    expect(sessions.items.find(({ current }) => current)!.method).toMatch(/^oidc\+/);
  });

  describe('lets nobody in', () => {
    const refused = async (query: string, cookie?: string): Promise<void> => {
      const answer = await comeBack(query, cookie);
      expect(answer).toMatchObject(NO);
      expect(answer.text).not.toContain('SECRET');
    };
    let back: URL;
    let begun: Begun;
    beforeEach(async () => {
      await provider.becomes(person());
      begun = await begin();
      back = await provider.visit(begun.url.href);
    });

    it('without what the browser kept', () => refused(back.search));
    it('with what another browser kept', async () => refused(back.search, (await begin()).cookie));
    it('with what nobody sealed', () => refused(back.search, '__Host-vault-sign-in=eyJhbGciOiJkaXIifQ..a.b.c'));
    it('with two of them', () => refused(back.search, `${begun.cookie}; ${begun.cookie}`));
    it('with an access token in its place', () => refused(back.search, `__Host-vault-sign-in=${vault.token}`));

    it('with another state', async () => {
      back.searchParams.set('state', 'SECRET');
      await refused(back.search, begun.cookie);
    });
    it('with another code', async () => {
      back.searchParams.set('code', 'SECRET');
      await refused(back.search, begun.cookie);
    });
    it('of another issuer', async () => {
      back.searchParams.set('iss', 'https://SECRET.example.org');
      await refused(back.search, begun.cookie);
    });
    it('with nothing', () => refused('', begun.cookie));
    it('twice with one code', async () => {
      expect((await comeBack(back.search, begun.cookie)).status).toBe(200);
      await refused(back.search, begun.cookie);
    });
    it('whom the provider has not let in, and repeats nothing of what it says', async () => {
      await provider.becomes({ ...person(), denied: true });
      const { cookie, url } = await begin();
      const denied = await provider.visit(url.href);
      expect(denied.searchParams.get('error')).toBe('access_denied');
      denied.searchParams.set('error_description', 'SECRET');
      await refused(denied.search, cookie);
    });
    it('by a provider that is not there', async () => {
      const answer = await vault.get<Problem>('/auth/oidc/other/start', { token: null });
      expect([answer.status, answer.body.code]).toEqual([404, 'PROVIDER_NOT_FOUND']);
      expect((await vault.get('/auth/oidc/other/callback', { token: null })).status).toBe(404);
    });
  });

  describe('a workload', () => {
    const agreed = { repository: ['example/data'], ref: ['refs/heads/main', 'refs/heads/next'] };
    const right = {
      sub: 'repo:example/data',
      aud: 'llm-data-vault',
      repository: 'example/data',
      ref: 'refs/heads/main',
    };
    let workload: string;
    beforeAll(async () => {
      workload = await made({});
    });

    async function made(change: object): Promise<string> {
      const terms = {
        name: named(),
        issuer: provider.issuer,
        audience: 'llm-data-vault',
        claims: agreed,
        roles: ['ci'],
      };
      const { body, status, text } = await vault.post<Ids>('/workloads', { ...terms, ...change });
      if (status !== 201) throw new Error(text);
      return body.id;
    }
    const exchange = (token: string, client_id = workload): Promise<Answer<Tokens & Problem>> =>
      vault.post(
        '/auth/token',
        { grant_type: EXCHANGE, client_id, subject_token: token, subject_token_type: JWT },
        { token: null },
      );

    it('exchanges the token of its platform for one with its role, and no more', async () => {
      const { status, body } = await exchange(await provider.token(right));
      expect([status, body]).toEqual([
        200,
        {
          access_token: expect.any(String) as string,
          issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          token_type: 'Bearer',
          expires_in: 900,
        },
      ]);
      const { permissions, id } = await me(body.access_token);
      expect([permissions.includes('dataset:import'), permissions.includes('record:read')]).toEqual([true, false]);
      const { body: row } = await vault.get<{ user_id: string }>(`/workloads/${workload}`);
      expect(id).toBe(row.user_id);
      const dataset = await vault.ask<Ids>('POST', '/datasets', { body: { name: named() }, token: body.access_token });
      expect(dataset.status).toBe(201);
      const events = await vault.get(`/audit/events?resource=${workload}`);
      expect(events.text).toContain('auth.token-exchange');
    });

    it('does so as a form, as standard clients send it; which no other route takes', async () => {
      const form = {
        grant_type: EXCHANGE,
        client_id: workload,
        subject_token: await provider.token(right),
        subject_token_type: JWT,
      };
      const ask = (path: string) =>
        vault.ask('POST', path, {
          token: null,
          raw: new URLSearchParams(form).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        });
      expect([(await ask('/auth/token')).status, (await ask('/auth/login')).status]).toEqual([200, 415]);
    });

    it.each<[string, object, string]>([
      ['for another audience', { ...right, aud: 'somebody-else' }, '5m'],
      ['of another issuer', { ...right, iss: 'https://token.example.org' }, '5m'],
      ['of another repository', { ...right, repository: 'example/other' }, '5m'],
      ['of a repository that begins alike', { ...right, repository: 'example/data-2' }, '5m'],
      ['that does not say from which', { ...right, repository: undefined }, '5m'],
      ['of another branch', { ...right, ref: 'refs/heads/feature' }, '5m'],
      ['with an object where a word was agreed', { ...right, ref: { toString: 'refs/heads/main' } }, '5m'],
      ['of nobody', { ...right, sub: undefined }, '5m'],
      ['that has ended', right, '-1m'],
    ])('is given none for a token %s', async (_, claims, expires) => {
      expect(await exchange(await provider.token(claims, expires))).toMatchObject(NO);
    });

    it('is given none for a token that was signed otherwise, or not at all', async () => {
      const token = await provider.token(right);
      const [head, payload, signature] = token.split('.') as [string, string, string];
      const claims = { iss: provider.issuer, ...right };
      const strange = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const signed = (kid: string, alg: string, key: Parameters<SignJWT['sign']>[0]) =>
        new SignJWT(claims).setProtectedHeader({ alg, kid }).setIssuedAt().setExpirationTime('5m').sign(key);
      const none = Buffer.from('{"alg":"none"}').toString('base64url');
      for (const forged of [
        await signed('provider-1', 'RS256', strange),
        await signed('never-made', 'RS256', strange),
        await signed('provider-1', 'HS256', Buffer.from('x'.repeat(32))),
        `${none}.${payload}.`,
        `${head}.${payload}.${signature.slice(0, -4)}AAAA`,
        vault.token,
        'x',
        '',
      ]) {
        expect(await exchange(forged)).toMatchObject(NO);
      }
    });

    it('is given none under the name of another, nor as anything else', async () => {
      const token = await provider.token(right);
      const other = await made({ claims: { repository: ['example/other'] } });
      expect(await exchange(token, other)).toMatchObject(NO);
      expect(await exchange(token, 'wl_01jz0000000000000000000000')).toMatchObject(NO);
      expect((await vault.get('/auth/me', { token })).status).toBe(401);
      const ask = (change: object) =>
        vault.post('/auth/token', {
          grant_type: EXCHANGE,
          client_id: workload,
          subject_token: token,
          subject_token_type: JWT,
          ...change,
        });
      expect((await ask({ grant_type: 'client_credentials' })).status).toBe(422);
      expect((await ask({ scope: 'everything', roles: ['admin'] })).status).toBe(422);
    });

    it('bound to a purpose has that, whatever it says', async () => {
      const bound = await made({ purpose: 'training', roles: ['auditor'] });
      const { body } = await exchange(await provider.token(right), bound);
      const dataset = await vault.newDataset();
      await vault.importLines(dataset, '{"text":"x"}\n');
      const read = (purpose: string) =>
        vault.get(`/datasets/${dataset}/records`, { token: body.access_token, headers: { 'x-purpose': purpose } });
      const grant = (purposes: string[]) =>
        vault.post(`/datasets/${dataset}/grants`, {
          role: 'auditor',
          permissions: ['record:read'],
          conditions: { purposes },
        });
      await grant(['audit']);
      expect((await read('audit')).status).toBe(403);
      await grant(['training']);
      expect((await read('audit')).status).toBe(200);
    });

    it('is made only of a trusted issuer, with roles its maker has, and of a name of its own', async () => {
      const terms = { name: named(), issuer: provider.issuer, audience: 'a', claims: { sub: ['x'] }, roles: ['ci'] };
      const attempt = async (change: object) => {
        const { status, body } = await vault.post<Problem>('/workloads', { ...terms, ...change });
        return [status, body.code];
      };
      expect(await attempt({ issuer: 'https://token.example.org' })).toEqual([422, 'ISSUER_NOT_TRUSTED']);
      for (const issuer of ['http://token.example.org', 'https://a:b@token.example.org', 'file:///etc/passwd']) {
        expect(await attempt({ issuer })).toEqual([422, 'VALIDATION_FAILED']);
      }
      expect(await attempt({ claims: {} })).toEqual([422, 'VALIDATION_FAILED']);
      expect(await attempt({ roles: ['never-made'] })).toEqual([422, 'ROLE_UNKNOWN']);
      expect((await attempt({}))[0]).toBe(201);
      expect(await attempt({})).toEqual([409, 'WORKLOAD_NAME_TAKEN']);
      expect((await vault.get<{ items: Ids[] }>('/workloads?limit=100')).text).toContain(terms.name);
    });

    it('that is removed holds nothing any more', async () => {
      const gone = await made({});
      const token = await provider.token(right);
      const { body } = await exchange(token, gone);
      expect((await vault.ask('DELETE', `/workloads/${gone}`)).status).toBe(204);
      expect((await vault.get('/auth/me', { token: body.access_token })).status).toBe(401);
      expect(await exchange(token, gone)).toMatchObject(NO);
      expect((await vault.get(`/workloads/${gone}`)).status).toBe(404);
    });
  });
});

describe('a provider that does not answer', () => {
  it('is said to be away, and what has nothing to do with it goes on', async () => {
    const provider = await IdentityProvider.start(CALLBACK);
    provider.stop();
    const vault = await startVault({
      env: {
        VAULT__PUBLIC_URL: PUBLIC_URL,
        VAULT__OIDC__ISSUER: provider.issuer,
        VAULT__OIDC__CLIENT_ID: 'vault',
        VAULT__OIDC__EMAIL_DOMAINS: 'example.org',
        VAULT__WORKLOAD_ISSUERS: provider.issuer,
      },
    });
    try {
      const start = await vault.get<Problem>('/auth/oidc/sso/start', { token: null });
      expect([start.status, start.body.code, start.headers.get('retry-after')]).toEqual([
        503,
        'PROVIDER_UNAVAILABLE',
        '5',
      ]);
      const terms = { name: 'n', issuer: provider.issuer, audience: 'a', claims: { sub: ['x'] }, roles: ['ci'] };
      const { body } = await vault.post<Ids>('/workloads', terms);
      const ask = { grant_type: EXCHANGE, client_id: body.id, subject_token: 'x', subject_token_type: JWT };
      expect((await vault.post('/auth/token', ask, { token: null })).status).toBe(503);
      expect((await vault.get('/auth/me')).status).toBe(200);
    } finally {
      await vault.remove();
    }
  });
});
