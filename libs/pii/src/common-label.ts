import { piiTypes } from './pii-type.ts';

/** Types that labelled corpora and other tools do not tell apart, by the name they have in common. */
const BROADER: Readonly<Record<string, string>> = {
  US_ABA_ROUTING: 'ROUTING',
  UK_SORT_CODE: 'SORT_CODE',
  PT_NIF: 'TAX_ID',
  BR_CNPJ: 'TAX_ID',
  AR_CUIT: 'TAX_ID',
  MX_RFC: 'TAX_ID',
  NZ_IRD: 'TAX_ID',
  CO_NIT: 'TAX_ID',
  VAT_NUMBER: 'TAX_ID',
  HEALTH_INSURANCE: 'MEDICAL_ID',
};
/** Numbers of a state that have a name of their own everywhere. */
const OF_THEIR_OWN = /^(?:US_|UK_|NATIONAL_ID|TAX_ID|PASSPORT|DRIVER)|DE_TAX_ID|IN_PAN|IN_GSTIN|AU_/;

const labels = new Map(
  piiTypes.map(({ type, family }) => {
    const isNational = family === 'government' && !OF_THEIR_OWN.test(type);
    return [type as string, BROADER[type] ?? (isNational ? 'NATIONAL_ID' : type)];
  }),
);

/** The name under which a type is compared with what others find: `NATIONAL_ID` for `NL_BSN`; most have only one. */
export function commonLabel(type: string): string {
  return labels.get(type) ?? type;
}
