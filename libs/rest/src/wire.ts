import { z } from 'zod';
import { parseId, showId } from '#kernel';

/** An id as it is sent: its prefix and 26 characters; inside it is the UUID. */
export function sentId(prefix: string): z.ZodType<string, string> {
  return z
    .string()
    .transform((text, context) => {
      const id = parseId(prefix, text);
      if (id) return id;
      context.addIssue({
        code: 'custom',
        message: `Expected an id like ${showId(prefix, '01890000-0000-7000-8000-000000000000')}`,
      });
      return z.NEVER;
    })
    .meta({ description: `Id with prefix ${prefix}_` });
}

export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

export function pageOf<T extends z.ZodType>(item: T, name: string): z.ZodObject {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() }).meta({ id: name });
}

/** Text that comes back as it was: no controls, no halves of surrogate pairs. */
export const text = (max: number): z.ZodString =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(value), {
      message: 'Expected text without control characters',
    });
