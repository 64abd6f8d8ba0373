import { birth } from './detectors/birth.ts';
import { cardDetails } from './detectors/card-details.ts';
import { coordinates } from './detectors/coordinates.ts';
import { mention } from './detectors/mention.ts';
import { passwords } from './detectors/passwords.ts';
import { secretsByContext } from './detectors/secrets-by-context.ts';
import { usernames } from './detectors/usernames.ts';
import { dateTime } from './detectors/date-time.ts';
import { device } from './detectors/device.ts';
import { groups } from './detectors/groups.ts';
import { organizations } from './detectors/organizations.ts';
import { spelledEmail } from './detectors/spelled-email.ts';
import { creditCard } from './detectors/credit-card.ts';
import { cryptoAddress } from './detectors/crypto-address.ts';
import { documents } from './detectors/documents.ts';
import { email } from './detectors/email.ts';
import { europeCodes } from './detectors/europe-codes.ts';
import { europeNumbers } from './detectors/europe-numbers.ts';
import { health } from './detectors/health.ts';
import { iban } from './detectors/iban.ts';
import { ipAddress } from './detectors/ip-address.ts';
import { macAddress } from './detectors/mac-address.ts';
import { militaryAddress } from './detectors/military-address.ts';
import { phoneNumber } from './detectors/phone-number.ts';
import { streetAddress } from './detectors/street-address.ts';
import { tokens } from './detectors/tokens.ts';
import { urlCredentials } from './detectors/url-credentials.ts';
import { url } from './detectors/url.ts';
import { usNumbers } from './detectors/us-numbers.ts';
import { vehicleDevice } from './detectors/vehicle-device.ts';
import { vendorKeys } from './detectors/vendor-keys.ts';
import { worldCodes } from './detectors/world-codes.ts';
import { worldNumbers } from './detectors/world-numbers.ts';
import type { Detector } from './scan/dispatch.ts';

/** Every detector there is. A new one is a file, its table test, a row in `type-rows.ts` and a line here. */
export const allDetectors: readonly Detector[] = [
  tokens,
  vendorKeys,
  urlCredentials,
  email,
  mention,
  macAddress,
  ipAddress,
  creditCard,
  cardDetails,
  iban,
  usNumbers,
  europeNumbers,
  europeCodes,
  worldNumbers,
  worldCodes,
  health,
  vehicleDevice,
  cryptoAddress,
  phoneNumber,
  passwords,
  secretsByContext,
  usernames,
  documents,
  birth,
  coordinates,
  streetAddress,
  militaryAddress,
  url,
  spelledEmail,
  device,
  groups,
  organizations,
  dateTime,
];
