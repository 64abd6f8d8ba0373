import type { Detector } from '../scan/dispatch.ts';
import { FILLER } from './filler.ts';

export const cardDetails: Detector = {
  name: 'card-details',
  types: ['CARD_CVV', 'CARD_EXPIRY'],
  follows: [
    {
      type: 'CARD_CVV',
      detector: 'card-cvv',
      context: 'cvv',
      pattern: new RegExp(`(?:\\s*(?:on the back|number|code))?${FILLER}(\\d{3,4})(?![\\w.-]*\\d)`, 'iy'),
      confidence: 0.9,
      whole: /^\d{3,4}$/,
    },
    {
      type: 'CARD_EXPIRY',
      detector: 'card-expiry',
      context: 'expiry',
      pattern: new RegExp(`(?:\\s*date)?${FILLER}((?:0[1-9]|1[0-2])\\s?[/-]\\s?(?:20)?[2-4]\\d)(?![\\d/.-]*\\d)`, 'iy'),
      confidence: 0.8,
      whole: /^(?:0[1-9]|1[0-2])[/-](?:20)?[2-4]\d$/,
    },
  ],
};
