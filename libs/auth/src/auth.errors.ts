import { defineError } from '#kernel';

/** Also for wrong credentials, with other words: the answer does not say whether the account exists. */
export const Unauthorized = defineError(
  'unauthorized',
  'unauthenticated',
  (detail: string = 'Sign in first: send a valid access token as Authorization: Bearer <token>.') => detail,
);
export const Forbidden = defineError(
  'forbidden',
  'forbidden',
  (permission: string, reason: string) =>
    `This needs the permission ${permission}: ${reason}. POST /api/v1/authz/explain says what would allow it.`,
);
export const SignInBusy = defineError(
  'sign-in-busy',
  'too-many',
  () => 'Too many sign-ins are being checked right now.',
);
/** Carries `retryAfter`. The same for accounts that do not exist. */
export const SignInBlocked = defineError(
  'sign-in-blocked',
  'too-many',
  () => 'Too many sign-ins in a row have failed for this account.',
);
export const SessionNotFound = defineError('session-not-found', 'not-found', () => 'There is no such session.');
export const UserNotFound = defineError('user-not-found', 'not-found', () => 'There is no such user.');
export const EmailTaken = defineError('email-taken', 'conflict', () => 'That e-mail address has a user already.');
export const OwnAccount = defineError(
  'own-account',
  'conflict',
  () => 'Administrators cannot lock or disable themselves or change their own roles: another one has to.',
);
export const PasswordRefused = defineError(
  'password-refused',
  'invalid',
  () => 'This password would be too easy to guess.',
);
export const InvitationInvalid = defineError(
  'invitation-invalid',
  'invalid',
  () => 'The invitation was used already, has ended, or never was one.',
);
export const ApiKeyNotFound = defineError('api-key-not-found', 'not-found', () => 'There is no such API key.');
export const SecondFactorConfirmed = defineError(
  'second-factor-confirmed',
  'conflict',
  () => 'There is a second factor already: remove it first, with one of its codes.',
);
export const SecondFactorMissing = defineError(
  'second-factor-missing',
  'conflict',
  () => 'There is no second factor to confirm or to remove.',
);
export const CodeWrong = defineError('code-wrong', 'invalid', () => 'The code is wrong, was used, or has ended.');
