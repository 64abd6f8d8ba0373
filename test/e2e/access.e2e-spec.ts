// Who gets in, over every route that the OpenAPI document knows.
import { createHmac } from 'node:crypto';
import { ADMIN, type LogLine, startVault, type Vault } from '../support/vault.ts';

interface Operation {
  security?: object[];
  operationId: string;
}
type Document = { paths: Record<string, Record<string, Operation>> };
interface Problem {
  code: string;
  status: number;
}

/** Routes for everyone: a new one is added here by hand, or this test fails. */
const PUBLIC = [
  'GET /.well-known/ldv-keys',
  'GET /api/v1/auth/oidc/{provider}/callback',
  'GET /api/v1/auth/oidc/{provider}/start',
  'GET /health',
  'GET /health/detailed',
  'GET /health/live',
  'GET /health/ready',
  'GET /problems/{code}',
  'POST /api/v1/auth/invitations/accept',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/second-factor/sign-in',
  'POST /api/v1/auth/token',
];

describe('access', () => {
  let vault: Vault;
  let routes: { name: string; method: string; path: string }[];
  beforeAll(async () => {
    vault = await startVault();
    const { body } = await vault.get<Document>('/docs-json');
    routes = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: path.replace('{id}', 'ds_01jz0000000000000000000000').replaceAll(/\{[^}]+\}/g, 'x'),
      })),
    );
  });
  afterAll(() => vault.remove());

  const status = async (
    route: { method: string; path: string },
    authorization?: string,
  ): Promise<[number, string | null]> => {
    const answer = await fetch(`${vault.url}${route.path}`, {
      method: route.method,
      headers: authorization ? { authorization } : {},
    });
    await answer.arrayBuffer();
    return [answer.status, answer.headers.get('www-authenticate')];
  };

  it('invariant 3: every route needs a token, except those that say they are public', async () => {
    const open: string[] = [];
    for (const route of routes) {
      const [code, challenge] = await status(route);
      if (code !== 401) open.push(route.name);
      else expect(challenge).toMatch(/^Bearer/);
    }
    expect(open.sort()).toEqual(PUBLIC);
    expect(routes.length).toBeGreaterThan(PUBLIC.length + 10);
  });

  it('refuses tokens that are forged, altered, of another kind or signed with nothing', async () => {
    const [header, payload, signature] = vault.token.split('.') as [string, string, string];
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const sign = (head: object, body: object, key: string): string => {
      const text = `${encode(head)}.${encode(body)}`;
      return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
    };
    const forged = [
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${payload}.${signature}`,
      sign({ alg: 'HS256', typ: 'at+jwt' }, claims, 'x'.repeat(32)),
      `${header}.${encode({ ...claims, tid: '01890000-0000-7000-8000-000000000000' })}.${signature}`,
      `${header}.${payload}`,
      'ldv_live_nothing',
      'x'.repeat(5000),
    ];
    for (const token of forged) {
      expect((await status({ method: 'GET', path: '/api/v1/auth/me' }, `Bearer ${token}`))[0]).toBe(401);
    }
    expect((await status({ method: 'GET', path: '/api/v1/auth/me' }, `Basic ${token64()}`))[0]).toBe(401);
    expect((await status({ method: 'GET', path: '/api/v1/auth/me' }, `Bearer ${vault.token}`))[0]).toBe(200);
  });

  it('answers a wrong password and an unknown account alike, and checks no rule of form', async () => {
    const wrong = await vault.post<Problem>('/auth/login', { ...ADMIN, password: 'x' }, { token: null });
    const unknown = await vault.post<Problem>(
      '/auth/login',
      { email: 'test@test.com', password: 'test' },
      { token: null },
    );
    expect([wrong.status, wrong.body.code]).toEqual([401, 'UNAUTHORIZED']);
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  it('tells the signed-in who they are', async () => {
    const { body } = await vault.get<{ id: string; permissions: string[] }>('/auth/me');
    expect(body.id).toMatch(/^usr_/);
    expect(body.permissions).toContain('dataset:export');
  });

  it('logs sign-ins with who, how and with what result', async () => {
    const before = vault.log.length;
    await vault.post('/auth/login', { ...ADMIN, password: 'wrong' }, { token: null });
    const isDenied = (each: LogLine): boolean => each['event_type'] === 'authentication' && each['result'] === 'denied';
    const line = await vault.logged(isDenied, before);
    expect(line).toMatchObject({ method: 'password', actor: expect.stringMatching(/^usr_/) as string });
    expect(JSON.stringify(vault.log)).not.toContain(ADMIN.password);
  });
});

function token64(): string {
  return Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64');
}
