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
  (permission: string) => `This needs the permission ${permission}.`,
);
export const SignInBusy = defineError(
  'sign-in-busy',
  'too-many',
  () => 'Too many sign-ins are being checked right now.',
);
