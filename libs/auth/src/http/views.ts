import { showId } from '#kernel';
import type { ApiKey } from '../api-keys/api-key.entity.ts';
import type { Session } from '../sessions/session.entity.ts';
import type { HalfSignedIn } from '../sessions/sign-ins.ts';
import type { SignedIn } from '../sessions/sessions.service.ts';
import type { User } from '../users/user.entity.ts';

export function signInView(signedIn: SignedIn | HalfSignedIn): object {
  if ('pendingToken' in signedIn) {
    return { second_factor_required: true, pending_token: signedIn.pendingToken, expires_in: signedIn.expiresIn };
  }
  const { accessToken, refreshToken, expiresIn } = signedIn;
  return { access_token: accessToken, refresh_token: refreshToken, token_type: 'Bearer', expires_in: expiresIn };
}

export function sessionView(session: Session, currentId: string | undefined): object {
  return {
    id: showId('ses', session.id),
    method: session.method,
    ip: session.ip,
    user_agent: session.userAgent,
    current: session.id === currentId,
    created_at: session.createdAt.toISOString(),
    last_used_at: session.lastUsedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
  };
}

export function userView(user: User): object {
  return {
    id: showId('usr', user.id),
    email: user.email,
    roles: user.roles,
    status: statusOf(user),
    created_at: user.createdAt.toISOString(),
  };
}

function statusOf({ disabledAt, lockedAt, passwordHash }: User): string {
  if (disabledAt) return 'disabled';
  if (lockedAt) return 'locked';
  return passwordHash ? 'active' : 'invited';
}

export function apiKeyView(key: ApiKey): object {
  return {
    id: showId('key', key.id),
    owner_id: showId('usr', key.ownerId),
    name: key.name,
    hint: key.hint,
    scopes: key.scopes,
    dataset_ids: key.datasetIds?.map((id) => showId('ds', id)) ?? null,
    allowed_ips: key.networks,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    old_secret_until: key.previousUntil?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
  };
}
