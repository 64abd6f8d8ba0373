import { defineError } from '#kernel';

export const SchemaMismatch = defineError(
  'schema-mismatch',
  'invalid',
  () => 'The record is not what the schema of the dataset asks for.',
);
export const SchemaInvalid = defineError('schema-invalid', 'invalid', () => 'The schema cannot be used.');
export const SchemaIncompatible = defineError(
  'schema-incompatible',
  'conflict',
  (records: number) => `${records} records on the default branch are not what this schema asks for.`,
);
export const SchemaNotFound = defineError(
  'schema-not-found',
  'not-found',
  () => 'The dataset has no schema of that version.',
);
