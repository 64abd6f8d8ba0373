import type { Preset } from './preset.ts';

/** Cal. Civ. Code 1798.140: identifiers of consumers and households are deidentified, precise geolocation is coarsened. */
export const ccpa: Preset = {
  name: 'ccpa',
  description: 'Hashes identifiers of consumers, coarsens where they are, and redacts the rest',
  strategy: 'redact',
  strategies: {
    EMAIL_ADDRESS: 'hash',
    PHONE_NUMBER: 'hash',
    USERNAME: 'hash',
    MAC_ADDRESS: 'hash',
    IP_ADDRESS: 'generalize',
    COORDINATES: 'generalize',
    POSTAL_CODE: 'generalize',
    AGE: 'generalize',
    DATE_OF_BIRTH: 'generalize',
    US_EIN: 'keep',
    VAT_NUMBER: 'keep',
    SWIFT_BIC: 'keep',
  },
  types: null,
  extraTypes: [],
  minConfidence: null,
};
