import { defineError } from '#kernel';

export const CustomTypeNotFound = defineError('custom-type-not-found', 'not-found', () => 'There is no such type.');
export const CustomTypeNameTaken = defineError(
  'custom-type-name-taken',
  'conflict',
  () => 'A type of that name exists already, built in or of your own.',
);
export const CustomTypeExamples = defineError(
  'custom-type-examples',
  'invalid',
  () => 'The type does not do what its examples say. Nothing was saved.',
);
export const PiiRulesTooMany = defineError(
  'pii-rules-too-many',
  'conflict',
  () => 'That would be more than a tenant may have: every text is compared with all of them.',
);
export const AllowedValueNotFound = defineError(
  'allowed-value-not-found',
  'not-found',
  () => 'There is no such entry of the allow list.',
);
export const ReasonPersonal = defineError(
  'reason-personal',
  'invalid',
  () => 'Reasons and notes are kept in plain sight, and this one holds personal data. Nothing was saved.',
);
export const PolicyNotFound = defineError('policy-not-found', 'not-found', () => 'There is no such policy.');
export const PolicyNameTaken = defineError(
  'policy-name-taken',
  'conflict',
  () => 'A policy of that name exists already, as a preset or of your own.',
);
export const PolicyPreset = defineError(
  'policy-preset',
  'conflict',
  () => 'Presets are the same everywhere and never change. Copy one: POST /anonymization-policies with based_on.',
);
