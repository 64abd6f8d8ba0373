import { z } from 'zod';
import { text } from './wire.ts';

const ATTRIBUTE = String.raw`license|source|language|metadata\.[^\s.]{1,64}`;
const POINTER = '(?:/(?:[^~/]|~[01])*)+';

export const KeyPlace = z
  .string()
  .max(1024)
  .regex(new RegExp(`^(?:record_id|external_id|${ATTRIBUTE}|${POINTER})$`), {
    message: 'Expected record_id, external_id, license, source, language, metadata.… or a JSON Pointer',
  });

const Part = z.strictObject({
  // In plain sight, and nothing that could name anybody.
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,31}$/)
    .describe('train, validation, test …: small letters, digits, _ and -'),
  ratio: z.number().gt(0).max(1).describe('Its part of all records'),
});

export const SplitAssignment = z
  .strictObject({
    splits: z
      .array(Part)
      .min(1)
      .max(20)
      .refine((parts) => new Set(parts.map(({ name }) => name)).size === parts.length, {
        message: 'Expected names that differ',
      })
      .refine((parts) => Math.abs(parts.reduce((sum, { ratio }) => sum + ratio, 0) - 1) < 1e-9, {
        message: 'Expected ratios that add up to 1',
      }),
    seed: text(64).default('0').describe('Another seed is another assignment; the same one is always the same'),
    key: KeyPlace.default('record_id').describe(
      'What decides, and is never parted: record_id, external_id, license, source, language, metadata.… or a JSON Pointer',
    ),
    stratify_by: z
      .string()
      .max(1024)
      .regex(new RegExp(`^(?:${ATTRIBUTE}|${POINTER})$`), {
        message: 'Expected license, source, language, metadata.… or a JSON Pointer',
      })
      .nullable()
      .default(null)
      .describe('Among the records of each of its values the ratios are kept too'),
    on_missing: z
      .enum(['refuse', 'record_id'])
      .default('refuse')
      .describe('Where a record has no such key: nothing is written, or its id is the key'),
    branch: z.string().min(1).max(255).optional().describe('The default branch when left out'),
    message: text(4096).optional().describe('What the commit says'),
    dry_run: z.boolean().default(false).describe('Only count what would come of it'),
  })
  .meta({
    id: 'SplitAssignment',
    example: {
      splits: [
        { name: 'train', ratio: 0.8 },
        { name: 'validation', ratio: 0.1 },
        { name: 'test', ratio: 0.1 },
      ],
      seed: '2026',
      key: 'record_id',
    },
  });
export type SplitAssignment = z.infer<typeof SplitAssignment>;
