// auth: who is calling, and may they: users, access tokens, permissions, tenants.
export { Caller, Permit, Public, ACCESS } from './access.decorators.ts';
export type { Access } from './access.decorators.ts';
export { AccessGuard } from './access.guard.ts';
export { authConfig } from './auth.config.ts';
export { AuthModule } from './auth.module.ts';
export type { AuthOptions } from './auth.module.ts';
export { AuthCounters, Authenticator } from './authenticator.ts';
export { bootstrap } from './bootstrap.ts';
export { Forbidden, Unauthorized, WrongCredentials } from './auth.errors.ts';
export { Passwords } from './passwords.ts';
export { permissions } from './permissions.ts';
export type { Permission } from './permissions.ts';
export { Tenant } from './tenant.entity.ts';
export { Tokens } from './tokens.ts';
export { User } from './user.entity.ts';
export { UserRepository } from './user.repository.ts';
