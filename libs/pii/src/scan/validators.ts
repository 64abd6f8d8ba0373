/** What a check is called, by the detector whose candidates have passed it; for `explain` alone. */
const BY_NAME: Readonly<Record<string, string>> = {
  Luhn: 'imei iccid ca-sin za-id il-id',
  'Luhn and the ranges of issuers': 'credit-card',
  'Luhn behind 80840': 'us-npi',
  'Luhn and a date': 'se-personnummer gr-amka',
  'mod-97': 'be-nrn fr-nir',
  'mod-97 and the length of its country': 'iban',
  'mod-11':
    'pt-nif nl-bsn at-svnr cz-rc ro-cnp bg-egn uk-nhs au-tfn nz-ird th-id jp-mynumber br-cpf br-cnpj ar-cuit cl-rut co-nit',
  'mod-11 with a letter': 'sg-nric hk-id',
  'mod-11, twice': 'no-fnr ee-ik',
  'mod-11 of its ninth character': 'vin',
  'ISO 7064 mod-11,10': 'de-tax-id hr-oib',
  'ISO 7064 mod-11-2': 'cn-ric',
  'mod-10 with weights 1-3-7-9': 'pl-pesel',
  'mod-10 with weights 3-7-1': 'us-routing',
  'mod-10 with weights 7-3-1': 'de-id-card',
  'mod-10': 'de-social-security de-kvnr us-dea au-acn au-medicare tr-id tw-id mx-curp',
  'mod-89': 'au-abn',
  'mod-23': 'es-nif es-nie ie-ppsn',
  'mod-26': 'it-fiscal-code',
  'mod-31 and a date': 'fi-hetu',
  'mod-36': 'in-gstin',
  Verhoeff: 'in-aadhaar',
  'EAN-13': 'ch-ahv',
  'the ranges that are issued': 'us-ssn us-itin',
  'a date': 'dk-cpr kr-rrn my-nric id-nik mx-rfc',
  Base58Check: 'bitcoin litecoin dogecoin tron dash ripple',
  Bech32: 'segwit',
  'EIP-55, where it is written in both cases': 'ethereum',
  '32 bytes in Base58': 'solana',
};

const byDetector = new Map(
  Object.entries(BY_NAME).flatMap(([name, detectors]) => detectors.split(' ').map((detector) => [detector, name])),
);

/** The name of the check that candidates of a detector pass; nothing for those known by form or context alone. */
export function validatorOf(detector: string): string | undefined {
  return byDetector.get(detector);
}
