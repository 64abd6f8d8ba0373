import { keyScopes, permissions, permissionsOf, permissionsOfKey } from './permissions.ts';

describe('permissions', () => {
  it('of an administrator are all of them', () => {
    expect([...permissionsOf(['admin'])].sort()).toEqual(Object.keys(permissions).sort());
  });

  it.each([[[]], [['nobody-defined-this']], [['constructor']], [['__proto__']], [['toString']]])(
    'of %j are those on the own account alone',
    (roles) => {
      expect([...permissionsOf(roles)]).toEqual(['account:read', 'account:write']);
    },
  );

  it('are named subject:verb', () => {
    for (const name of Object.keys(permissions)) expect(name).toMatch(/^[a-z]+(-[a-z]+)?:[a-z]+$/);
  });

  it('of an API key are its scopes, as far as its owner has them', () => {
    expect([...permissionsOfKey(['dataset:read', 'nobody:knows'], ['admin'])]).toEqual(['dataset:read']);
    expect([...permissionsOfKey(['dataset:read', 'account:read'], [])]).toEqual(['account:read']);
    expect([...permissionsOfKey([], ['admin'])]).toEqual([]);
  });

  it('with which an account could be taken over are never those of an API key', () => {
    const owned = ['account:write', 'api-key:write', 'user:write'];
    expect([...permissionsOfKey([...owned, 'user:read'], ['admin'])]).toEqual(['user:read']);
    for (const name of owned) expect(keyScopes).not.toContain(name);
  });
});
