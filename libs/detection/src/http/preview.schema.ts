import { z } from 'zod';
import { sentId } from '#rest';

const MOST = 20;

export const PreviewBody = z
  .strictObject({
    texts: z
      .array(z.string().max(64 * 1024))
      .min(1)
      .max(MOST)
      .optional(),
    dataset_id: sentId('ds').optional().describe('Its first records, which one must be allowed to read'),
    ref: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('Branch, tag, commit or time; the default branch when left out'),
    limit: z.int().min(1).max(MOST).default(5).describe('So many records'),
  })
  .refine(({ texts, dataset_id }) => (texts === undefined) !== (dataset_id === undefined), {
    message: 'Expected texts or a dataset',
    path: ['texts'],
  })
  .meta({ id: 'Preview', example: { texts: ['Write to jane@example.org, born 1980-02-14'] } });
export type PreviewBody = z.infer<typeof PreviewBody>;

export const PreviewView = z
  .object({
    items: z.array(
      z.object({
        before: z.string().describe('The text, or the record as JSON'),
        after: z.string(),
        findings_by_type: z.record(z.string(), z.int()),
      }),
    ),
  })
  .meta({ id: 'PolicyPreview' });
