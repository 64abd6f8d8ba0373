import { defineError } from '#kernel';

export const GrantNotFound = defineError('grant-not-found', 'not-found', () => 'The dataset has no such grant.');
export const GrantIsOwn = defineError(
  'grant-is-own',
  'conflict',
  () =>
    'Nobody changes what they may do themselves, nor what everybody with a role of theirs may: somebody else has to.',
);
