// detection: the PII engine as a service: text that is sent along, scanned and anonymized on threads.
export { PiiModule } from './pii.module.ts';
export type { PiiOptions } from './pii.module.ts';
export { DetectionCounters } from './detection.service.ts';
