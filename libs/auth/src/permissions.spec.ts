import { builtInRoles } from './roles/built-in-roles.ts';
import { datasetPermissions, isOfPlatform, keyScopes, MASKED, permissions, type Viewable } from './permissions.ts';

describe('permissions', () => {
  it('are named subject:verb', () => {
    for (const name of Object.keys(permissions)) expect(name).toMatch(/^[a-z]+(-[a-z]+)?:[a-z]+(-[a-z]+)?$/);
  });

  it('with which an account could be taken over, or rights be made, are never those of an API key', () => {
    expect(keyScopes).not.toContain('dataset:review');
    expect(keyScopes).not.toContain('quarantine:release');
    for (const name of ['account:write', 'api-key:write', 'user:write', 'role:write', 'workload:write']) {
      expect(keyScopes).not.toContain(name);
    }
    expect(keyScopes.filter(isOfPlatform)).toEqual([]);
    expect(keyScopes).toContain('dataset:read');
  });

  it('to read as it is come with those to read through views in every role there is', () => {
    for (const { name, rules } of builtInRoles) {
      for (const { permissions: held } of rules) {
        const masked = Object.entries(MASKED).map(([plain, other]) => [
          held.includes(plain as Viewable),
          held.includes(other),
        ]);
        expect([name, masked.filter(([plain, other]) => plain !== other)]).toEqual([name, []]);
      }
    }
  });

  it('that can be granted for one dataset are those on datasets and their records', () => {
    expect(datasetPermissions).toContain('record:read');
    expect(datasetPermissions.filter((name) => !/^(dataset|record|quarantine):/.test(name))).toEqual([]);
  });
});
