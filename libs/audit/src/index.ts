// audit: append-only record of who did what, written in the transaction of what was done.
export { Audit } from './audit.ts';
export type { AuditEntry } from './audit.ts';
export { AuditEvent } from './audit-event.entity.ts';
export type { AuditResult } from './audit-event.entity.ts';
