import { subjectOf } from './subject.ts';

describe('the subject of a value', () => {
  it.each([
    ['EMAIL_ADDRESS', 'Ann@Example.ORG', 'ann@example.org'],
    ['PHONE_NUMBER', '+1 (212) 555-0142', '+12125550142'],
    ['PHONE_NUMBER', '(212) 555-0142 x12', '+12125550142'],
    ['PHONE_NUMBER', '0049 30 23125123', '+493023125123'],
    ['CREDIT_CARD', '4111-1111 1111 1111', '4111111111111111'],
    ['IBAN', 'de89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['US_SSN', '219-09-9999', '219099999'],
    ['UK_NINO', 'ab 12 34 56 c', 'AB123456C'],
  ])('of type %s is the same however it is written: %s', (type, value, subject) => {
    expect(subjectOf(type, value)).toBe(subject);
  });

  it.each(['IP_ADDRESS', 'AGE', 'API_KEY', 'PASSWORD', 'PERSON', 'SWIFT_BIC', 'BR_CNPJ', 'COORDINATES'])(
    'of type %s is nobody',
    (type) => {
      expect(subjectOf(type, 'anything 1234567')).toBeNull();
    },
  );
});
