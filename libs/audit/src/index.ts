// audit: who did what, written in the transaction of what was done.
export { Audit } from './audit.ts';
export type { AuditActor, AuditedAct, AuditEntry } from './audit.ts';
export { AuditUnavailable } from './audit.errors.ts';
export { AuditEvent } from './audit-event.entity.ts';
export type { AuditDetails, AuditResult } from './audit-event.entity.ts';
export { touchedBy } from './touched.ts';
export type { Suspect, Touched } from './touched.ts';
