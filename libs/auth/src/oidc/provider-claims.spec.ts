import { isTrustworthyUrl } from './issuer-url.ts';
import { vouched } from './provider-claims.ts';

const rules = { emailDomains: ['Example.org'], rolesClaim: 'groups', roles: ['a=admin', 'b=ci', 'x=y=auditor'] };
const read = (claims: object, change: object = {}) =>
  vouched({ iss: 'https://id.example.org', sub: 'ada', ...claims }, { ...rules, ...change });

describe('what an identity provider says', () => {
  it.each([[{ iss: undefined }], [{ sub: undefined }], [{ sub: 7 }]])('is of nobody with %j', (claims) => {
    expect(() => read(claims)).toThrow('without issuer and subject');
  });

  it.each<[object, string | null]>([
    [{ email: 'ada@example.org', email_verified: true }, 'ada@example.org'],
    [{ email: 'Ada@EXAMPLE.org', email_verified: true }, 'Ada@EXAMPLE.org'],
    [{ email: 'ada@example.org' }, null],
    [{ email: 'ada@example.org', email_verified: 'true' }, null],
    [{ email: 'ada@sub.example.org', email_verified: true }, null],
    [{ email: 'ada@badexample.org', email_verified: true }, null],
    [{ email: 'ada@example.com@example.org', email_verified: true }, null],
    [{ email: 'ada @example.org', email_verified: true }, null],
    [{ email: ['ada@example.org'], email_verified: true }, null],
  ])('of an address is taken from %j as %s', (claims, email) => {
    expect(read(claims).email).toBe(email);
  });

  it.each<[unknown, string[]]>([
    [
      ['a', 'b', 'other'],
      ['admin', 'ci'],
    ],
    ['b', ['ci']],
    ['x=y', ['auditor']],
    ['ab', []],
    [{ a: true }, []],
    [undefined, []],
  ])('of groups %j means the roles %j', (groups, roles) => {
    expect(read({ groups }).roles).toEqual(roles);
  });

  it('of groups means nothing where nobody has said what', () => {
    expect(read({ groups: ['a'] }, { roles: [] }).roles).toBeNull();
  });
});

it.each<[string, boolean]>([
  ['https://id.example.org', true],
  ['https://id.example.org/realms/one', true],
  ['http://127.0.0.1:4000', true],
  ['http://localhost:4000', true],
  ['http://[::1]:4000', true],
  ['http://id.example.org', false],
  ['http://127.0.0.1.example.org', false],
  ['http://localhost.example.org', false],
  ['https://user@id.example.org', false],
  ['https://id.example.org/#there', false],
  ['ftp://id.example.org', false],
  ['id.example.org', false],
])('the address %s may be that of an issuer: %s', (address, may) => {
  expect(isTrustworthyUrl(address)).toBe(may);
});
