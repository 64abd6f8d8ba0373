import type { AuditDetails } from './audit-event.entity.ts';

const MAX_DETAILS = 32;
const MAX_NAME = 64;
const MAX_VALUE = 256;
/** Controls would break the lines of whoever reads the record; PostgreSQL takes no NUL at all. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Bounded, so that hostile text costs no more than its length. */
const ADDRESS = /[^\s@<>"]{1,64}@[^\s@<>"]{1,255}/g;

/**
 * Text as the record may have it: cut, on one line, well-formed, and without e-mail addresses. The record is kept for
 * years and read by many, so what came from outside must not make it a place where personal data lies.
 */
export function auditText(text: string, max: number): string {
  const line = text.slice(0, max).replace(CONTROL, ' ');
  // Most are ids, and each of them would be tried at each of its characters.
  const clean = line.includes('@') ? line.replace(ADDRESS, '[address]').slice(0, max) : line;
  return clean.toWellFormed();
}

export function auditDetails(details: AuditDetails): AuditDetails {
  const kept = Object.entries(details).slice(0, MAX_DETAILS);
  return Object.fromEntries(kept.map(([name, value]) => [auditText(name, MAX_NAME), detail(value)]));
}

function detail(value: AuditDetails[string]): AuditDetails[string] {
  if (typeof value === 'string') return auditText(value, MAX_VALUE);
  // JSON knows neither NaN nor infinity and would say null for them, so it is said here.
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
