import { defineError } from '#kernel';

/** Also for wrong credentials: the answer does not say whether the account exists. */
export const Unauthorized = defineError(
  'unauthorized',
  'unauthenticated',
  () => 'Sign in first: send a valid access token as Authorization: Bearer <token>.',
);
export const WrongCredentials = defineError(
  'wrong-credentials',
  'unauthenticated',
  () => 'The e-mail address or the password is wrong.',
);
export const Forbidden = defineError(
  'forbidden',
  'forbidden',
  (permission: string) => `This needs the permission ${permission}.`,
);
export const SignInBusy = defineError('sign-in-busy', 'too-many', () => 'Too many sign-ins are being checked right now.');
