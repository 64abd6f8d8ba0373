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
  'account:read': 'See the own account',
} as const;

export type Permission = keyof typeof permissions;

const all = Object.keys(permissions) as Permission[];

const roles: ReadonlyMap<string, readonly Permission[]> = new Map([['admin', all]]);

/** What a set of roles adds up to; a role nobody defined adds nothing. */
export function permissionsOf(names: readonly string[]): ReadonlySet<Permission> {
  return new Set(names.flatMap((name) => roles.get(name) ?? []));
}
