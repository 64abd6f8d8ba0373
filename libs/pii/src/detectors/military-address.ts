import type { Detector } from '../scan/dispatch.ts';
import type { Reading } from '../scan/reading.ts';

const WORD_LENGTH = 3;
const BACK = 56;
/** The theatre and its code: `APO AE 09012`. */
const CODE = /,?[ ]{1,2}A[AEP],?[ ]{1,2}\d{5}(?:-\d{4})?(?![\p{L}\d])/iuy;
/** The box of a unit, or a ship: `PSC 802, Box 74`, `Unit 2050 Box 4190`, `USS Example`. */
const UNIT =
  /(?<![\p{L}\d])(?:(?:PSC|CMR|Unit)[ ]{1,2}\d{1,5}(?:,?[ ]{1,2}Box[ ]{1,2}\d{1,5})?|US(?:S|NS|NV|CGC)[ ][\p{L}.'-]{1,24}(?:[ ][\p{L}.'-]{1,24}){0,2})[ ]?(?:,|\n)[ >?|]{0,4}$/iu;

/** Behind `APO`, `FPO` or `DPO`: mail to the forces of the United States (USPS Publication 28, section 238). */
function lookAtOffice(reading: Reading, end: number): void {
  CODE.lastIndex = end;
  const code = CODE.exec(reading.text)?.[0];
  if (code === undefined || end + code.length > reading.end) return;
  const office = end - WORD_LENGTH;
  const from = Math.max(reading.from, office - BACK);
  const unit = UNIT.exec(reading.text.slice(from, office));
  reading.add({
    type: 'STREET_ADDRESS',
    start: unit ? from + unit.index : office,
    end: end + code.length,
    confidence: unit ? 0.95 : 0.85,
    proof: 2,
    detector: 'military-address',
    why: 'a military post office and its code',
  });
}

export const militaryAddress: Detector = {
  name: 'military-address',
  types: ['STREET_ADDRESS'],
  words: { militarypost: lookAtOffice },
};
