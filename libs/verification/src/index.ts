// verification: whether what the database names is in the store, opens, and is what was committed.
export { SegmentFinder } from './segment.finder.ts';
export type { FoundSegment } from './segment.finder.ts';
export { VaultVerification } from './vault.verification.ts';
export type { VerificationParts } from './vault.verification.ts';
export type { Damage, VerificationReport } from './verification.report.ts';
