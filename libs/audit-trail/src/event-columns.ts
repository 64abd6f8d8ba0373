import type { StoredEvent } from '#audit-chain';

/** How a time is told in the chain: UTC, to the microsecond the database keeps. */
export function timeText(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Every column of an event (`e`) as text: a driver that turned it into a value of its own could lose a part of it. */
export const EVENT_COLUMNS = `e.id::text AS id, ${timeText('e.at')} AS at, e.actor_id::text AS "actorId", e.action,
  e.resource, e.result, e.reason, e.request_id AS "requestId", e.ip, e.details::text AS details`;

/** With LEFT JOIN there may be no event. */
export type EventColumns = { [K in keyof StoredEvent]: StoredEvent[K] | null };
