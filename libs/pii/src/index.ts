// pii: finds personal data and secrets in text and JSON, and takes them out. Pure: no I/O, keeps no value.
export { RISKS } from './risk.ts';
export type { Risk } from './risk.ts';
export { piiTypeNamed, piiTypes } from './pii-type.ts';
export type { PiiType, PiiTypeInfo } from './pii-type.ts';
export { commonLabel } from './common-label.ts';
export type { Finding, JsonFinding } from './finding.ts';
export { PiiScanner } from './pii-scanner.ts';
export type { ScannerOptions } from './pii-scanner.ts';
export { ScanEnded, UnknownPiiType, UnknownStrategy } from './pii.errors.ts';
export { subjectOf } from './subject.ts';
export { strategies, strategyNamed } from './strategies.ts';
export { anonymizeJson, anonymizeText } from './anonymize.ts';
export type { AnonymizePlan, Applied } from './anonymize.ts';
export { pathOf } from './json/json-path.ts';
export { toOffsets } from './offsets.ts';
export type { OffsetUnit } from './offsets.ts';
