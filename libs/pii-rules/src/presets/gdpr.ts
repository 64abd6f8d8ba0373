import type { Preset } from './preset.ts';

/** Art. 4(5) and 5(1)(c) GDPR: who can be told apart only with a key stays so, and what is said of people becomes coarser. */
export const gdpr: Preset = {
  name: 'gdpr',
  description: 'Pseudonymises people (keyed hashes), coarsens what is said of them, and redacts the rest',
  strategy: 'redact',
  strategies: {
    PERSON: 'hash',
    EMAIL_ADDRESS: 'hash',
    PHONE_NUMBER: 'hash',
    USERNAME: 'hash',
    AGE: 'generalize',
    DATE_OF_BIRTH: 'generalize',
    POSTAL_CODE: 'generalize',
    IP_ADDRESS: 'generalize',
    COORDINATES: 'generalize',
    // Of companies, which are no natural persons.
    VAT_NUMBER: 'keep',
    AU_ABN: 'keep',
    AU_ACN: 'keep',
    SWIFT_BIC: 'keep',
  },
  types: null,
  extraTypes: [],
  minConfidence: null,
};
