import type { Preset } from './preset.ts';

/** PCI DSS 3.3 to 3.5: a card number is never stored in clear (its last four may stay), a security code not at all. */
export const pciDss: Preset = {
  name: 'pci-dss',
  description: 'Card data alone: numbers are masked but for the last four, security codes are removed',
  strategy: 'redact',
  strategies: { CREDIT_CARD: 'mask', CARD_CVV: 'remove' },
  types: ['CREDIT_CARD', 'CARD_CVV', 'CARD_EXPIRY'],
  extraTypes: [],
  minConfidence: null,
};
