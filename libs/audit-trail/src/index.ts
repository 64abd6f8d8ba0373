// audit-trail: seals the audit into a chain, signs and anchors it, and shows it to those who may see it.
export { auditConfig } from './audit-trail.config.ts';
export type { AuditConfig } from './audit-trail.config.ts';
export { auditTrailEntities } from './audit-trail.entities.ts';
export { AuditTrailModule } from './audit-trail.module.ts';
export { openAuditTrail } from './audit-trail.parts.ts';
export type { AuditTrailGround, AuditTrailRoom } from './audit-trail.parts.ts';
export { AuditTrail } from './audit-trail.service.ts';
export type { TailedEvent } from './audit-trail.service.ts';
export type { ChainReport } from './chain.verification.ts';
export { eventView, keyView, verificationView } from './http/views.ts';
export { publishedKeys } from './published-keys.ts';
export { SigningKeyRepository } from './signing-key.repository.ts';
