import type { Preset } from './preset.ts';

/** Trust services criteria CC6.1 and C1.1: credentials are gone, and confidential values keep their form and no more. */
export const soc2: Preset = {
  name: 'soc2',
  description: 'Redacts credentials and secrets, and masks everything else that is confidential',
  strategy: 'mask',
  strategies: {
    API_KEY: 'redact',
    JWT: 'redact',
    PRIVATE_KEY: 'redact',
    PASSWORD: 'redact',
    CONNECTION_STRING: 'redact',
    CARD_CVV: 'remove',
  },
  types: null,
  extraTypes: [],
  minConfidence: null,
};
