/** What may be done, as `subject:verb`. A route names exactly one of these, or says that it is public. */
export const permissions = {
  'dataset:read': 'See datasets, their commits, statistics and lineage',
  'dataset:write': 'Create datasets',
  'dataset:import': 'Bring records into a dataset, and see how it went',
  'dataset:export': 'Take a whole dataset out in plaintext',
  'dataset:anonymize': 'Make an anonymized copy of a dataset',
  'record:read': 'Read records in plaintext, and what was found in them',
  'pii:detect': 'Run detection and anonymization on text that is sent along',
  'job:read': 'See jobs and their progress',
  'audit:read': 'See who did what, and whether the record of it is whole',
  'audit:export': 'Take the record of who did what out, signed',
  'user:read': 'See users and their API keys',
  'user:write': 'Invite, change, lock and disable users, and revoke what they hold',
  'session:revoke': 'End every session of everyone at once',
  'api-key:write': 'Make, change, rotate and revoke own API keys',
  'account:read': 'See the own account, its sessions and its API keys',
  'account:write': 'Change the own password and second factor, and end own sessions',
} as const;

export type Permission = keyof typeof permissions;

export const allPermissions = Object.keys(permissions) as [Permission, ...Permission[]];

const roles: ReadonlyMap<string, readonly Permission[]> = new Map([['admin', allPermissions]]);

export const roleNames = [...roles.keys()] as [string, ...string[]];

/** What everyone has who has signed in: without these nobody could leave, or choose another password. */
const OWN: readonly Permission[] = ['account:read', 'account:write'];
/** Never by an API key: who finds one must not be able to take over the account, or make itself more of them. */
const BY_PEOPLE_ONLY: readonly string[] = ['account:write', 'api-key:write', 'user:write'] satisfies Permission[];

/** What a set of roles adds up to; a role nobody defined adds nothing. */
export function permissionsOf(names: readonly string[]): ReadonlySet<Permission> {
  return new Set([...OWN, ...names.flatMap((name) => roles.get(name) ?? [])]);
}

/** What an API key may do: what its scopes say, of what its owner may do at the moment. */
export function permissionsOfKey(scopes: readonly string[], owner: readonly string[]): ReadonlySet<Permission> {
  const allowed = [...permissionsOf(owner)].filter((name) => scopes.includes(name) && !BY_PEOPLE_ONLY.includes(name));
  return new Set(allowed);
}

/** What can be given to an API key. */
export const keyScopes = allPermissions.filter((name) => !BY_PEOPLE_ONLY.includes(name)) as [
  Permission,
  ...Permission[],
];
