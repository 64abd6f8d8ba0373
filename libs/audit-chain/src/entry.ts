import { hash } from 'node:crypto';
import { showId } from '#kernel';

/** One event as the database keeps it, every column as the text it gives for it. */
export interface StoredEvent {
  id: string;
  /** UTC with microseconds, `2026-01-31T12:00:00.000000Z`. */
  at: string;
  actorId: string | null;
  action: string;
  resource: string;
  result: string;
  reason: string | null;
  requestId: string | null;
  ip: string | null;
  /** JSON text, exactly as the database writes it: reading it as numbers could lose digits nobody would miss. */
  details: string;
}

/** An event in its place. Hashes are 64 hexadecimal digits. */
export interface ChainEntry {
  seq: number;
  sealedAt: string;
  hash: string;
  /** What `eventText` gave; it is hashed and handed out as it is. */
  event: string;
}

const ENTRY = 'ldv-audit-entry/1';
const LINE = /^\{"seq":([1-9]\d{0,15}),"sealed_at":"([0-9TZ:.-]{20,35})","hash":"([0-9a-f]{64})","event":(\{.*\})\}$/s;

/** How many entries are read, hashed or written at a time: ten or twenty milliseconds of work. */
export const ENTRY_PAGE = 500;

/** The one way to write an event down as text. It holds no line end, because JSON escapes them. */
export function eventText(event: StoredEvent): string {
  const members = JSON.stringify({
    id: showId('aud', event.id),
    at: event.at,
    actor: event.actorId && showId('usr', event.actorId),
    action: event.action,
    resource: event.resource,
    result: event.result,
    reason: event.reason,
    request_id: event.requestId,
    ip: event.ip,
  });
  return `${members.slice(0, -1)},"details":${event.details}}`;
}

/** What stands before the first entry: no two tenants' chains begin alike. */
export function genesisOf(tenant: string): string {
  return hash('sha256', `ldv-audit-genesis/1\n${tenant}\n`, 'hex');
}

/** Over six lines, none of which can hold a line end: no two entries give the same bytes. `tenant` is `ten_…`. */
export function entryHash(tenant: string, prev: string, entry: Omit<ChainEntry, 'hash'>): string {
  const { seq, sealedAt, event } = entry;
  return hash('sha256', `${ENTRY}\n${tenant}\n${seq}\n${prev}\n${sealedAt}\n${event}\n`, 'hex');
}

export function entryLine({ seq, sealedAt, hash: digest, event }: ChainEntry): string {
  return `{"seq":${seq},"sealed_at":"${sealedAt}","hash":"${digest}","event":${event}}`;
}

/** The entry a line holds; null when it is not written exactly as `entryLine` does. */
export function parseEntryLine(line: string): ChainEntry | null {
  const [, seq, sealedAt, digest, event] = LINE.exec(line) ?? [];
  if (seq === undefined || !isJson(event!)) return null;
  return { seq: Number(seq), sealedAt: sealedAt!, hash: digest!, event: event! };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
