import { RootKeyCheck } from './root-key-check.entity.ts';
import { Tenant } from './tenant.entity.ts';
import { TenantKey } from './tenant-key.entity.ts';
import { User } from './user.entity.ts';

/** What this room keeps in the database. */
export const authEntities = [Tenant, TenantKey, RootKeyCheck, User];
