import { defineError } from '#kernel';

export const RoleNotFound = defineError('role-not-found', 'not-found', () => 'There is no such role.');
export const RoleUnknown = defineError('role-unknown', 'invalid', () => 'A role that was named does not exist.');
export const RoleNameTaken = defineError('role-name-taken', 'conflict', () => 'A role of that name exists already.');
export const RoleBuiltIn = defineError(
  'role-built-in',
  'conflict',
  () => 'Built-in roles are the same everywhere and never change. Make a role of your own.',
);
export const RoleInUse = defineError('role-in-use', 'conflict', () => 'Somebody has this role, or a grant names it.');
export const RoleIsOwn = defineError(
  'role-is-own',
  'conflict',
  () => 'Nobody changes a role they have themselves: somebody else has to.',
);
