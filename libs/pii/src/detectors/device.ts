import type { Detector } from '../scan/dispatch.ts';
import { FILLER } from './filler.ts';

const NUMBER = '(?=[A-Za-z0-9-]{0,39}\\d)[A-Za-z0-9][A-Za-z0-9-]{6,38}[A-Za-z0-9]';

export const device: Detector = {
  name: 'device',
  types: ['DEVICE_ID'],
  follows: [
    {
      type: 'DEVICE_ID',
      detector: 'device-id',
      context: 'device',
      pattern: new RegExp(`${FILLER}(${NUMBER})(?![\\w-])`, 'y'),
      confidence: 0.8,
      whole: new RegExp(`^${NUMBER}$`),
    },
  ],
};
