import { isMod97 } from '../checks/iso7064.ts';
import type { Detector } from '../scan/dispatch.ts';

/** How long the number of each country is (SWIFT IBAN registry). */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IR26 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((row) => [row.slice(0, 2), Number(row.slice(2))] as const),
);
const LONGEST = 34;
const SPACE = 32;
const HYPHEN = 45;
const letters = new Uint16Array(LONGEST + 4);

/** The length in `text` of the account number that begins it, with its spaces; 0 when it holds none. */
export function ibanLength(text: string): number {
  const wanted = LENGTHS.get(text.slice(0, 2).toUpperCase());
  if (!wanted) return 0;
  let compact = 0;
  let at = 0;
  for (; at < text.length && compact < wanted; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === HYPHEN) continue;
    letters[compact] = code;
    compact += 1;
  }
  if (compact !== wanted) return 0;
  // The country and the check digits are reckoned last; they stand together, as the expression says.
  for (let i = 0; i < 4; i += 1) letters[wanted + i] = letters[i] ?? 0;
  return isMod97(letters, 4, wanted + 4) ? at : 0;
}

const firstLengths = [4, ...Array.from({ length: LONGEST - 14 }, (_, index) => index + 15)];

export const iban: Detector = {
  name: 'iban',
  types: ['IBAN'],
  codes: [
    {
      type: 'IBAN',
      detector: 'iban',
      pattern: /[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}/y,
      firstLengths,
      length: ibanLength,
      context: ['iban', 'bank'],
      alone: 0.97,
      inContext: 0.99,
      isSure: true,
    },
  ],
};
