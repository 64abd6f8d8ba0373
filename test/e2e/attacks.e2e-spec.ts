// Hostile requests to every route of the OpenAPI document: what is sent is made from the document, so a new route is
// covered as soon as it is there. Whoever sends it may do everything, and still gets nothing but clear refusals.
import { randomBytes } from 'node:crypto';
import { startVault, type Vault } from '../support/vault.ts';

interface Schema {
  $ref?: string;
  example?: unknown;
  examples?: unknown[];
}
interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}
interface Route {
  name: string;
  method: string;
  path: string;
  query: string[];
  /** The documented example, where the route takes JSON. */
  example?: Record<string, unknown>;
}
interface Outcome {
  what: string;
  status: number;
  text: string;
}

const ID = 'ds_01jz0000000000000000000000';
const NESTED = `${'['.repeat(200)}${']'.repeat(200)}`;
/** JSON texts that stand for a value where another one was expected. */
const HOSTILE_VALUES: Record<string, string> = {
  nothing: 'null',
  'a number': '-1e308',
  'an integer that is not safe': '90071992547409931',
  'a list': '[[]]',
  'an object': '{"toString":1,"length":-1}',
  'a key of the prototype': '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}',
  'a text with NUL': String.raw`"a\u0000b"`,
  'half of a pair': String.raw`"\ud83d"`,
  'a long text': JSON.stringify('x'.repeat(70_000)),
  'a statement': JSON.stringify("'; DROP TABLE users; --"),
  'an escape': JSON.stringify('../../../etc/passwd\r\nSet-Cookie: a=b'),
  'a formula': JSON.stringify('=HYPERLINK("https://example.org")'),
  'a template': JSON.stringify('${7*7}{{7*7}}<script>alert(1)</script>'),
  'what has no end': NESTED,
};
const HOSTILE_WORDS = ['%00', "'%20OR%201=1--", '..%2f..%2fetc', '%ff%fe', 'x'.repeat(300), '-1', '%F0%9F%98%80'];
const INJECTED = { tenant_id: 'x', permissions: ['*'], is_admin: true, created_by: 'x', password_hash: 'x', $where: 1 };

describe('an attack', () => {
  let vault: Vault;
  let routes: Route[];

  beforeAll(async () => {
    vault = await startVault();
    vault.token = await attacker();
    const { body } = await vault.get<Document>('/docs-json');
    routes = Object.entries(body.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        query: (operation.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name),
        ...exampleOf(operation, body),
      })),
    );
  });
  afterAll(() => vault.remove());

  /** Signs in as somebody new who may do everything: those before may have locked themselves out. */
  async function attacker(): Promise<string> {
    const who = { email: `m${randomBytes(6).toString('hex')}@example.org`, password: 'some other phrase of words' };
    await vault.post('/users', { ...who, roles: ['admin'] }, { token: await vault.signIn() });
    return vault.signIn(who);
  }

  /** Sends as somebody who may; once more where an earlier request ended the session or closed the vault. */
  async function send(route: Route, what: string, { url = addressOf(route), body, type }: Sent = {}): Promise<Outcome> {
    const ask = async (): Promise<Outcome> => {
      const answer = await fetch(`${vault.url}${url}`, {
        method: route.method,
        headers: {
          authorization: `Bearer ${vault.token}`,
          ...(body === undefined ? {} : { 'content-type': type ?? JSON_TYPE }),
        },
        body,
        redirect: 'manual',
      });
      return { what: `${route.name}: ${what}`, status: answer.status, text: await answer.text() };
    };
    const outcome = await ask();
    if (outcome.status === 503)
      await vault.ask('PUT', '/admin/maintenance', { body: { enabled: false, reason: 'attacked' } });
    else if (outcome.status === 401 && !route.path.includes('/auth/')) vault.token = await attacker();
    else return outcome;
    return ask();
  }

  const jsonRoutes = (): (Route & { example: Record<string, unknown> })[] =>
    routes.filter((route): route is Route & { example: Record<string, unknown> } => route.example !== undefined);

  it('knows every route that takes JSON, by an example of what it takes', () => {
    expect(jsonRoutes().length).toBeGreaterThan(15);
  });

  it('by a field that nobody asked for is refused, and changes nothing', async () => {
    const taken: string[] = [];
    for (const route of jsonRoutes()) {
      for (const [field, value] of Object.entries(INJECTED)) {
        const { status, what } = await send(route, field, {
          body: JSON.stringify({ ...route.example, [field]: value }),
        });
        if (status < 400 || status >= 500) taken.push(`${what} ${status}`);
      }
    }
    expect(taken).toEqual([]);
  });

  it('by a value of the wrong kind in any field gets a refusal or a plain answer, and nothing breaks', async () => {
    const broken: string[] = [];
    for (const route of jsonRoutes()) {
      for (const field of Object.keys(route.example)) {
        for (const [kind, value] of Object.entries(HOSTILE_VALUES)) {
          const { status, what } = await send(route, `${field} is ${kind}`, {
            body: withValue(route.example, field, value),
          });
          if (status >= 500) broken.push(`${what} ${status}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it('by a body that is no object, or of another type, is refused', async () => {
    const taken: string[] = [];
    for (const route of jsonRoutes()) {
      for (const body of ['[]', '"x"', '7', 'null', '{', NESTED]) {
        const { status, what } = await send(route, body.slice(0, 5), { body });
        if (status < 400 || status >= 500) taken.push(`${what} ${status}`);
      }
      const { status, what } = await send(route, 'xml', { body: '<a/>', type: 'application/xml' });
      if (status !== 415) taken.push(`${what} ${status}`);
    }
    expect(taken).toEqual([]);
  });

  it('by the address and the query gets a refusal or a plain answer, and nothing breaks', async () => {
    const broken: string[] = [];
    for (const route of routes) {
      for (const word of HOSTILE_WORDS) {
        const addresses = [addressOf(route, word), ...route.query.map((name) => `${addressOf(route)}?${name}=${word}`)];
        for (const url of addresses) {
          const { status, what, text } = await send(route, url, { url });
          if (status >= 500 || /syntax error|at \/|node_modules|relation "/i.test(text))
            broken.push(`${what} ${status}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it('by methods that a route does not have finds nothing', async () => {
    const found: string[] = [];
    const known = new Set(routes.map(({ name }) => name));
    for (const path of new Set(routes.map((route) => route.path))) {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((each) => !known.has(`${each} ${path}`))) {
        const { status, what } = await send({ name: `${method} ${path}`, method, path, query: [] }, 'method');
        // 422 where the last word is taken for an id of its kind, and is none.
        if (![404, 405, 422].includes(status)) found.push(`${what} ${status}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('leaves no error in the log, and the vault as well as it was', async () => {
    expect(vault.log.filter(({ level }) => level === 'error')).toEqual([]);
    expect(vault.noise).toEqual([]);
    expect((await vault.get('/health')).body).toEqual({ status: 'healthy' });
    vault.token = await vault.signIn();
    const fresh = await vault.post('/datasets', { name: randomBytes(4).toString('hex') });
    expect(fresh.status).toBe(201);
  });
});

const JSON_TYPE = 'application/json';

interface Sent {
  url?: string;
  body?: string;
  type?: string;
}

/** The path with an id of a dataset that nobody has, or with a hostile word, in every place. */
function addressOf({ path }: Pick<Route, 'path'>, word = ID): string {
  return path.replaceAll(/\{[^}]+\}/g, word);
}

function exampleOf({ requestBody }: Operation, { components }: Document): { example?: Record<string, unknown> } {
  const content = requestBody?.content[JSON_TYPE];
  if (!content) return {};
  const named = components.schemas[(content.schema.$ref ?? '').split('/').at(-1)!];
  const example = content.example ?? content.schema.example ?? named?.example ?? named?.examples?.[0];
  return { example: example as Record<string, unknown> };
}

/** The example as JSON with one field replaced by a JSON text, which need not be one that `JSON.stringify` would write. */
function withValue(example: Record<string, unknown>, field: string, value: string): string {
  const fields = Object.entries({ ...example, [field]: undefined }).map(
    ([name, sent]) => `${JSON.stringify(name)}:${name === field ? value : JSON.stringify(sent)}`,
  );
  return `{${fields.join(',')}}`;
}
