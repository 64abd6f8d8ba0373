import { AuditCheckpointRow } from './audit-checkpoint.entity.ts';
import { AuditEntryRow } from './audit-entry.entity.ts';
import { AuditSigningKey } from './audit-signing-key.entity.ts';

/** What this room keeps in the database. */
export const auditTrailEntities = [AuditEntryRow, AuditCheckpointRow, AuditSigningKey];
