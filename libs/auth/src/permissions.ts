/** What may be done, as `subject:verb`. A route names exactly one of these, or says that it is public. */
export const permissions = {
  'dataset:read': 'See datasets, their commits, statistics and lineage',
  'dataset:write': 'Create datasets, and say what they are called',
  'dataset:import': 'Bring records into a dataset, and see how it went',
  'dataset:export': 'Take a whole dataset out in plaintext',
  'dataset:export-masked': 'Take a whole dataset out through a view, without what the view takes out',
  'dataset:anonymize': 'Make an anonymized copy of a dataset',
  'dataset:classify': 'Say how guarded a dataset is, on which the conditions of others depend',
  'dataset:grant': 'See and change who may do what with a dataset',
  'dataset:delete': 'Delete a dataset with everything in it, for good',
  'dataset:schema': 'Say what the records of a dataset must be',
  'dataset:protect': 'Say which branches take no direct commits, and set the gates before branches',
  'dataset:review': 'Review merge requests: approve what others did, or ask for changes',
  'record:read': 'Read records in plaintext, and what was found in them',
  'record:read-masked': 'Read records through a view, without what the view takes out',
  'record:write': 'Create, change and remove records by commits, and make and delete branches and tags',
  'quarantine:read': 'See which records are held back from a dataset, and what was found in them',
  'quarantine:release': 'Look into records that are held back, and release or discard them',
  'pii:detect': 'Run detection and anonymization on text that is sent along',
  'pii:read': 'See the own types of personal data, what is allowed, the policies of anonymization, and the views',
  'pii:write':
    'Describe own types of personal data, allow values, and make and change policies of anonymization and views',
  'pii:decide': 'Say of findings that they are accepted, or false: then the value is not found there again',
  'job:read': 'See the own jobs and their progress',
  'job:cancel': 'Cancel the own jobs, and with job:oversee those of everyone',
  'job:oversee': 'See the jobs of everyone',
  'audit:read': 'See who did what, and whether the record of it is whole',
  'audit:export': 'Take the record of who did what out, signed',
  'user:read': 'See users and their API keys',
  'user:write': 'Invite, change and disable users, and give them roles',
  'user:lock': 'Lock users and let them in again, and revoke what they hold',
  'role:read': 'See roles, and ask why somebody else may or may not do something',
  'role:write': 'Make and change roles, of permissions one has',
  'workload:read': 'See which programs may exchange a token of their own for one of ours',
  'workload:write': 'Say which programs may do that, with which roles',
  'session:revoke': 'End every session of everyone at once',
  'api-key:write': 'Make, change, rotate and revoke own API keys',
  'account:read': 'See the own account, its sessions and its API keys',
  'account:write': 'Change the own password and second factor, and end own sessions',
  'platform:tenants': 'Make tenants, and see which there are; only in the tenant that came first',
  'platform:maintenance': 'Begin and end maintenance, in which nobody writes; only in the tenant that came first',
  'platform:config': 'See the settings of the server, without secrets; only in the tenant that came first',
} as const;

export type Permission = keyof typeof permissions;

export const allPermissions = Object.keys(permissions) as [Permission, ...Permission[]];

/** Whether it is done to a dataset, so that it can be granted for one alone. */
export function isAboutDatasets(permission: string): boolean {
  return /^(dataset|record|quarantine):/.test(permission);
}

export const datasetPermissions = allPermissions.filter(isAboutDatasets) as [Permission, ...Permission[]];

export type Viewable = Extract<Permission, 'record:read' | 'dataset:export'>;

/** What is enough for a route that gives records, if they are read through a view. */
export const MASKED: Readonly<Record<Viewable, Permission>> = {
  'record:read': 'record:read-masked',
  'dataset:export': 'dataset:export-masked',
};

/** Whether it is for reading through views alone, so that it can be bound to some of them. */
export function isMasked(permission: string): boolean {
  return Object.values(MASKED).includes(permission as Permission);
}

/** Whether it is about the vault as a whole, and so for the tenant that runs it alone. */
export function isOfPlatform(permission: string): boolean {
  return permission.startsWith('platform:');
}

/** What everyone has who has signed in: without these nobody could leave, or choose another password. */
export const OWN: readonly Permission[] = ['account:read', 'account:write', 'job:read', 'job:cancel'];

/** What a credential that is bound to datasets may do all the same: it touches none. */
export const WITHOUT_DATASET: readonly string[] = ['account:read', 'pii:detect'] satisfies Permission[];

/**
 * Never by an API key: who finds one must not be able to take over the account, or make itself more of them, or be the
 * second pair of eyes.
 */
const BY_PEOPLE_ONLY: readonly string[] = [
  'dataset:review',
  'quarantine:release',
  'account:write',
  'api-key:write',
  'user:write',
  'role:write',
  'workload:write',
  ...allPermissions.filter(isOfPlatform),
];

/** What can be given to an API key. */
export const keyScopes = allPermissions.filter((name) => !BY_PEOPLE_ONLY.includes(name)) as [
  Permission,
  ...Permission[],
];
