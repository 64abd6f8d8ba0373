import type { Conditions } from '../access/rule.ts';
import { allPermissions, isOfPlatform, type Permission } from '../permissions.ts';

/** What a role lets do, and under which conditions. */
export interface RoleRule {
  permissions: readonly Permission[];
  conditions?: Conditions;
}

export interface BuiltInRole {
  name: string;
  description: string;
  rules: readonly RoleRule[];
}

/** Plaintext in bulk is for those whose work it is; everybody else gets harmless data, or a grant for one dataset. */
const HARMLESS: Conditions = { classifications: ['public', 'internal'] };

/** Roles every tenant has. They are the same everywhere, and nobody changes them: whoever needs another makes one. */
export const builtInRoles: readonly BuiltInRole[] = [
  {
    name: 'admin',
    description: 'Everything, in the own tenant',
    rules: [{ permissions: allPermissions.filter((name) => !isOfPlatform(name)) }],
  },
  {
    name: 'data-engineer',
    description: 'Brings data in and makes it safe',
    rules: [
      {
        permissions: [
          'dataset:read',
          'dataset:write',
          'dataset:import',
          'dataset:anonymize',
          'dataset:schema',
          'record:read',
          'record:read-masked',
          'record:write',
          'pii:detect',
          'pii:read',
          'job:oversee',
          'api-key:write',
        ],
      },
      { permissions: ['dataset:export', 'dataset:export-masked'], conditions: HARMLESS },
    ],
  },
  {
    name: 'ml-engineer',
    description: 'Trains on data that was made safe: reads and exports what is public or internal',
    rules: [
      { permissions: ['dataset:read', 'dataset:anonymize', 'pii:detect', 'pii:read', 'api-key:write'] },
      {
        permissions: ['record:read', 'record:read-masked', 'dataset:export', 'dataset:export-masked'],
        conditions: HARMLESS,
      },
    ],
  },
  {
    name: 'privacy-officer',
    description:
      'Looks at personal data, merge requests and what is held back, says how guarded a dataset is, and who may have it',
    rules: [
      {
        permissions: [
          'dataset:read',
          'dataset:anonymize',
          'dataset:classify',
          'dataset:grant',
          'dataset:schema',
          'dataset:protect',
          'dataset:review',
          'record:read',
          'record:read-masked',
          'quarantine:read',
          'quarantine:release',
          'pii:detect',
          'pii:read',
          'pii:write',
          'pii:decide',
          'job:oversee',
          'audit:read',
          'user:read',
          'role:read',
        ],
      },
    ],
  },
  {
    name: 'auditor',
    description: 'Sees who did what and who may do what; reads no record',
    rules: [
      {
        permissions: [
          'dataset:read',
          'pii:read',
          'job:oversee',
          'audit:read',
          'audit:export',
          'user:read',
          'role:read',
          'workload:read',
        ],
      },
    ],
  },
  {
    name: 'security-engineer',
    description: 'Ends sessions, locks accounts and follows what they did; reads no record',
    rules: [
      {
        permissions: [
          'dataset:read',
          'audit:read',
          'audit:export',
          'user:read',
          'user:lock',
          'session:revoke',
          'role:read',
          'workload:read',
        ],
      },
    ],
  },
  {
    name: 'operator',
    description: 'Keeps the service running; reads no record',
    rules: [{ permissions: ['dataset:read', 'job:oversee', 'audit:read'] }],
  },
  {
    name: 'ci',
    description: 'A pipeline: brings data in, and takes out what is public or internal',
    rules: [
      {
        permissions: [
          'dataset:read',
          'dataset:write',
          'dataset:import',
          'dataset:anonymize',
          'record:write',
          'pii:detect',
          'pii:read',
          'job:oversee',
        ],
      },
      { permissions: ['dataset:export', 'dataset:export-masked'], conditions: HARMLESS },
    ],
  },
];

export function builtInRole(name: string): BuiltInRole | undefined {
  return builtInRoles.find((role) => role.name === name);
}
