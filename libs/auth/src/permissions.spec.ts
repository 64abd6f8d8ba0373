import { permissions, permissionsOf } from './permissions.ts';

describe('permissions', () => {
  it('of an administrator are all of them', () => {
    expect([...permissionsOf(['admin'])].sort()).toEqual(Object.keys(permissions).sort());
  });

  it.each([[[]], [['nobody-defined-this']], [['constructor']], [['__proto__']], [['toString']]])(
    'of %j are none',
    (roles) => {
      expect(permissionsOf(roles).size).toBe(0);
    },
  );

  it('are named subject:verb', () => {
    for (const name of Object.keys(permissions)) expect(name).toMatch(/^[a-z]+:[a-z]+$/);
  });
});
