import { defineError } from '#kernel';

export const ProviderNotFound = defineError(
  'provider-not-found',
  'not-found',
  () => 'There is no identity provider of that name here.',
);
/** Carries `retryAfter`. */
export const ProviderUnavailable = defineError(
  'provider-unavailable',
  'unavailable',
  () => 'The identity provider does not answer at the moment.',
);
export const WorkloadNotFound = defineError('workload-not-found', 'not-found', () => 'There is no such workload.');
export const WorkloadNameTaken = defineError(
  'workload-name-taken',
  'conflict',
  () => 'A workload of that name exists already.',
);
export const IssuerNotTrusted = defineError(
  'issuer-not-trusted',
  'invalid',
  () => 'The issuer is not one of those the operator trusts: VAULT__WORKLOAD_ISSUERS lists them.',
);
