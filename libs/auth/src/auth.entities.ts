import { AccessEpoch } from './access-epoch.entity.ts';
import { ApiKey } from './api-keys/api-key.entity.ts';
import { Grant } from './grants/grant.entity.ts';
import { ExternalIdentity } from './oidc/external-identity.entity.ts';
import { Workload } from './oidc/workload.entity.ts';
import { Role } from './roles/role.entity.ts';
import { TemporaryRole } from './roles/temporary-role.entity.ts';
import { RootKeyCheck } from './root-key-check.entity.ts';
import { SecondFactor } from './second-factor/second-factor.entity.ts';
import { RefreshToken } from './sessions/refresh-token.entity.ts';
import { Session } from './sessions/session.entity.ts';
import { Tenant } from './tenant.entity.ts';
import { TenantKey } from './tenant-key.entity.ts';
import { SignInFailure } from './users/sign-in-failure.entity.ts';
import { User } from './users/user.entity.ts';

/** What this room keeps in the database. */
export const authEntities = [
  Tenant,
  TenantKey,
  RootKeyCheck,
  User,
  SignInFailure,
  Session,
  RefreshToken,
  ApiKey,
  SecondFactor,
  AccessEpoch,
  Role,
  TemporaryRole,
  Grant,
  ExternalIdentity,
  Workload,
];
