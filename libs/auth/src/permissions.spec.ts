import { datasetPermissions, isOfPlatform, keyScopes, permissions } from './permissions.ts';

describe('permissions', () => {
  it('are named subject:verb', () => {
    for (const name of Object.keys(permissions)) expect(name).toMatch(/^[a-z]+(-[a-z]+)?:[a-z]+$/);
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

  it('that can be granted for one dataset are those on datasets and their records', () => {
    expect(datasetPermissions).toContain('record:read');
    expect(datasetPermissions.filter((name) => !/^(dataset|record|quarantine):/.test(name))).toEqual([]);
  });
});
