import { showId } from '#kernel';
import type { Grant } from '../grants/grant.entity.ts';
import type { BuiltInRole } from '../roles/built-in-roles.ts';
import type { Workload } from '../oidc/workload.entity.ts';
import type { Role } from '../roles/role.entity.ts';
import type { Tenant } from '../tenant.entity.ts';

export function builtInRoleView({ name, description, rules }: BuiltInRole): object {
  const shown = rules.map(({ permissions, conditions = {} }) => ({ effect: 'allow', permissions, conditions }));
  return { id: name, name, description, built_in: true, rules: shown, version: null };
}

export function roleView({ id, name, description, effect, permissions, conditions, version }: Role): object {
  const rules = [{ effect, permissions, conditions }];
  return { id: showId('role', id), name, description, built_in: false, rules, version };
}

export function grantView(grant: Grant): object {
  return {
    id: showId('grt', grant.id),
    dataset_id: showId('ds', grant.datasetId),
    user_id: grant.userId && showId('usr', grant.userId),
    role: grant.role,
    effect: grant.effect,
    permissions: grant.permissions,
    conditions: grant.conditions,
    expires_at: grant.expiresAt?.toISOString() ?? null,
    created_by: showId('usr', grant.createdBy),
    created_at: grant.createdAt.toISOString(),
  };
}

export function workloadView(workload: Workload): object {
  const { name, issuer, audience, claims, purpose } = workload;
  return {
    id: showId('wl', workload.id),
    user_id: showId('usr', workload.userId),
    name,
    issuer,
    audience,
    claims,
    purpose,
    created_at: workload.createdAt.toISOString(),
  };
}

export function tenantView({ id, slug, name, createdAt }: Tenant): object {
  return { id: showId('ten', id), slug, name, created_at: createdAt.toISOString() };
}
