import { type Digits, isDull, isLuhn, spelled } from '../checks/digit-sums.ts';
import type { Detector } from '../scan/dispatch.ts';
import { FILLER } from './filler.ts';

const VIN_VALUES = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** The ninth character checks the others in North America and China; elsewhere it may be anything. */
export function isCheckedVin(value: string): boolean {
  const code = value.toUpperCase();
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += (VIN_VALUES.indexOf(code.charAt(i)) % 10) * (VIN_WEIGHTS[i] ?? 0);
  return code.charAt(8) === 'X' ? sum % 11 === 10 : String(sum % 11) === code.charAt(8);
}

const VIN = /(?=[A-HJ-NPR-Za-hj-npr-z0-9]{0,16}[A-Za-z])(?=[A-Za-z0-9]{0,16}\d)[A-HJ-NPR-Za-hj-npr-z0-9]{13}\d{4}/y;
const ANY_VIN = /(?=[A-HJ-NPR-Za-hj-npr-z0-9]{0,16}[A-Za-z])[A-HJ-NPR-Za-hj-npr-z0-9]{11}[A-HJ-NPR-Za-hj-npr-z0-9]{6}/y;

function isImei(digits: Digits, from: number): boolean {
  return isLuhn(digits, from, 15) && !isDull(digits, from, 15) && spelled(digits, from, 2) > 0;
}

const PLATE =
  '(?:[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?\\d{1,4}[EH]?|[A-Z]{2}\\d{2} ?[A-Z]{3}|[A-Z]{2}-\\d{3}-[A-Z]{2}|\\d{1,4}[ -]?[A-Z]{1,4}[ -]?\\d{1,5}|[A-Z]{1,4}[ -]?\\d{1,5}[ -]?[A-Z]{0,3}|\\d{4} ?[A-Z]{3}|\\d{2}-[A-Z]{2,3}-\\d{1,2}|\\d{1,2}-\\d{3}-[A-Z]{2}|[A-Z]{2}[ -]?\\d{1,2}[ -]?[A-Z]{1,3}[ -]?\\d{4}|\\d{3}[ -]?[A-Z]{3}|\\d{2} ?[A-Z]{1,3} ?\\d{2,4})';

export const vehicleDevice: Detector = {
  name: 'vehicle-device',
  types: ['VIN', 'LICENSE_PLATE', 'IMEI', 'IMSI', 'ICCID'],
  codes: [
    {
      type: 'VIN',
      detector: 'vin',
      pattern: VIN,
      firstLengths: [17],
      check: isCheckedVin,
      context: ['vin'],
      alone: 0.85,
      inContext: 0.99,
    },
    { type: 'VIN', detector: 'vin-by-context', pattern: ANY_VIN, firstLengths: [17], context: ['vin'], inContext: 0.9 },
  ],
  numbers: [
    {
      type: 'IMEI',
      detector: 'imei',
      counts: [15],
      check: isImei,
      context: ['imei'],
      shape: /^\d{2}-\d{6}-\d{6}-\d$/,
      shaped: 0.9,
      inContext: 0.97,
    },
    {
      type: 'IMEI',
      detector: 'imeisv',
      counts: [16],
      check: (d, from) => !isDull(d, from, 16),
      context: ['imei'],
      inContext: 0.75,
    },
    {
      type: 'IMSI',
      detector: 'imsi',
      counts: [14, 15],
      check: (d, from) => spelled(d, from, 3) >= 200,
      context: ['imsi'],
      inContext: 0.9,
    },
    {
      type: 'ICCID',
      detector: 'iccid',
      counts: [19, 20],
      check: (d, from) => spelled(d, from, 2) === 89 && (isLuhn(d, from, 19) || isLuhn(d, from, 20)),
      context: ['iccid'],
      alone: 0.6,
      inContext: 0.95,
    },
  ],
  follows: [
    {
      type: 'LICENSE_PLATE',
      detector: 'license-plate',
      context: 'plate',
      pattern: new RegExp(`(?:[ _](?:number|no|nr|plate))?${FILLER}(${PLATE})(?![\\w-])`, 'y'),
      check: (value) => /\d/.test(value) && value.length > 3 && value.length < 12,
      confidence: 0.85,
      whole: new RegExp(`^${PLATE}$`, 'i'),
    },
  ],
};
