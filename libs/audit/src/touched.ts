import type { Database } from '#database';
import { showId } from '#kernel';

/** Everything one user, one session or one API key has done. */
export type Suspect = { userId: string } | { sessionId: string } | { apiKeyId: string };

export interface Touched {
  action: string;
  resource: string;
  result: string;
  count: number;
  first: Date;
  last: Date;
}

/** What a credential did to what, and how often: for the day it turns out to be stolen. Latest first. */
export function touchedBy(database: Database, tenantId: string, suspect: Suspect): Promise<Touched[]> {
  const [where, value] = whereOf(suspect);
  return database.inTenant(tenantId, () =>
    database.query<Touched>(
      `SELECT action, resource, result, count(*) AS count, min(at) AS first, max(at) AS last
         FROM audit_events WHERE ${where} GROUP BY action, resource, result ORDER BY max(at) DESC, resource LIMIT 10000`,
      [value],
    ),
  );
}

function whereOf(suspect: Suspect): [string, string] {
  if ('userId' in suspect) return ['actor_id = $1::uuid', suspect.userId];
  if ('sessionId' in suspect) return [`details ->> 'session' = $1`, showId('ses', suspect.sessionId)];
  return [`details ->> 'api_key' = $1`, showId('key', suspect.apiKeyId)];
}
