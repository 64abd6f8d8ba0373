import { z } from 'zod';
import { viewName } from '#auth';
import { PageQuery, type Reply } from '#rest';
import { isPlainText } from '../writes/attributes.ts';

export const PageCountQuery = PageQuery.extend({ count: z.literal('exact').optional() });

export const Ref = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .describe('Branch, tag, commit (cm_…) or time (@2026-01-31T00:00:00Z); the default branch when left out');

export function pageOf<T extends z.ZodType>(item: T, name: string): z.ZodObject {
  return z
    .object({ items: z.array(item), next_cursor: z.string().nullable(), total: z.int().optional() })
    .meta({ id: name });
}

export const text = (max: number): z.ZodString =>
  z.string().max(max).refine(isPlainText, { message: 'Expected text without control characters' });

/** A count for each of the names that people chose, all of them: `z.record` leaves one that is `__proto__` out. */
export const CountsByName = z
  .any()
  .meta({ type: 'object', additionalProperties: { type: 'integer' } }) as unknown as z.ZodType<Record<string, number>>;

export const ViewName = viewName
  .optional()
  .describe('The view that records are read through; as they are when left out');

export const RefQuery = z.strictObject({ ref: Ref });

/** For who reads records through a view. */
export const ThroughQuery = z.strictObject({ ref: Ref, view: ViewName });

export const RefPageQuery = PageQuery.extend({ ref: Ref });

/** Which commit a write makes. */
export const WriteQuery = z.strictObject({
  branch: z.string().min(1).max(255).optional().describe('The default branch when left out'),
  message: text(4096).optional().describe('What the commit says'),
});
export type WriteQuery = z.infer<typeof WriteQuery>;

/** Versions named in `If-Match` (RFC 9110, 13.1.1); undefined where none was sent, or any will do. */
export function versionsNamed(ifMatch: string | undefined): string[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  // A weak tag, or none at all, names no version: then nothing matches.
  return ifMatch.split(',').map((tag) => tag.trim());
}

/** What is sent as JSON inside a query. */
export function jsonOrUndefined(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}

/** Says through which view, at which version, an answer shows records. */
export function tellView(reply: Reply, view: string | null): void {
  if (view !== null) reply.header('x-vault-view', view);
}
