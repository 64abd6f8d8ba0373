import { z } from 'zod';
import type { SaidFrom } from '../ingest/segment.task.ts';

const Pointer = z
  .string()
  .max(1024)
  .regex(/^(?:\/(?:[^~/]|~[01])*)+$/, { message: 'Expected a JSON Pointer, like /meta/split' })
  .optional();

/** Where rows of a file say more of their records; what a single write says beside the content. */
export const saidFrom = {
  split_from: Pointer.describe('JSON Pointer to the split in each row, or / and the name of a column'),
  labels_from: Pointer.describe('The same for labels: a list of texts, or one text'),
  source_from: Pointer.describe('The same for the source'),
  license_from: Pointer.describe('The same for the license'),
  language_from: Pointer.describe('The same for the language'),
  metadata_from: Pointer.describe('The same for metadata: an object of texts, numbers and booleans'),
};

type Sent = { [Name in keyof typeof saidFrom]?: string | undefined };

/** Undefined where nothing is said. */
export function saidFromOf(sent: Sent): SaidFrom | undefined {
  const { split_from: split, labels_from: labels, source_from: source } = sent;
  const { license_from: license, language_from: language, metadata_from: metadata } = sent;
  const named = Object.entries({ split, labels, source, license, language, metadata }).filter(
    ([, at]) => at !== undefined,
  );
  return named.length > 0 ? (Object.fromEntries(named) as SaidFrom) : undefined;
}
