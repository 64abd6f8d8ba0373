import { Draw } from '../draw.ts';
import type { OperatorKeys, Scope } from '../operator-keys.ts';
import { standInForPerson } from '../person-stand-in.ts';
import { subjectOf } from '../../subject.ts';
import { email, ipAddress, macAddress, url, username } from './contact.ts';
import { creditCard, iban, imei, imsi, nationalInsurance, socialSecurity } from './numbers.ts';
import { phoneNumber } from './phone.ts';
import { coordinates, location, organization, postalCode, streetAddress } from './places.ts';
import type { StandIn } from './stand-in.ts';

const standIns: Readonly<Record<string, StandIn>> = {
  EMAIL_ADDRESS: email,
  USERNAME: username,
  URL: url,
  PHONE_NUMBER: phoneNumber,
  IP_ADDRESS: ipAddress,
  MAC_ADDRESS: macAddress,
  CREDIT_CARD: creditCard,
  IBAN: iban,
  US_SSN: socialSecurity,
  US_ITIN: socialSecurity,
  UK_NINO: nationalInsurance,
  IMEI: imei,
  IMSI: imsi,
  STREET_ADDRESS: streetAddress,
  LOCATION: location,
  ORGANIZATION: organization,
  POSTAL_CODE: postalCode,
  COORDINATES: coordinates,
};

/** A value that looks like this one and belongs to nobody, the same wherever the scope is; null for types without any. */
export function standInFor(type: string, value: string, keys: OperatorKeys, scope: Scope): string | null {
  const key = keys.of('stand-in', scope);
  if (type === 'PERSON') return standInForPerson(value, key, keys.people);
  const standIn = standIns[type];
  if (!standIn) return null;
  if (standIn.isOurs(value)) return value;
  return standIn.make(value, new Draw(key, `${type}\0${subjectOf(type, value) ?? value.trim().toLowerCase()}`));
}
