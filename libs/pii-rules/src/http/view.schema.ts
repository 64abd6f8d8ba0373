import { z } from 'zod';
import { viewName } from '#auth';
import { pageOf, text } from '#rest';
import { PolicyRefField } from './policy.schema.ts';

const Pointer = z
  .string()
  .max(1024)
  .regex(/^(?:\/(?:[^~/]|~[01])*)+$/, { message: 'Expected a JSON Pointer, like /customer/notes' });

const terms = {
  description: text(500).default(''),
  policy: PolicyRefField.describe(
    'What is taken out and how, as the policy says now: what becomes of it later is its own',
  ),
  without: z
    .array(Pointer)
    .max(100)
    .default([])
    .describe('JSON Pointers of what is left out altogether; * stands for every element of a list, and every member'),
};

export const NewView = z
  .strictObject({ name: viewName.describe('Never changes: requests and conditions name it'), ...terms })
  .meta({ id: 'NewView', example: { name: 'ml-safe', policy: 'gdpr', without: ['/customer/notes'] } });
export type NewView = z.infer<typeof NewView>;

export const ViewTermsBody = z.strictObject(terms).meta({ id: 'ViewTerms', example: { policy: 'hipaa' } });
export type ViewTermsBody = z.infer<typeof ViewTermsBody>;

export const ViewPath = z.strictObject({ name: viewName });
export type ViewPath = z.infer<typeof ViewPath>;

export const ViewView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    policy: z.string().describe('By which policy it was made, and at which version of that'),
    strategy: z.string().describe('For types that strategies does not name'),
    strategies: z.record(z.string(), z.string()),
    types: z.array(z.string()).nullable(),
    extra_types: z.array(z.string()),
    min_confidence: z.number().nullable(),
    without: z.array(z.string()),
    version: z.int().describe('The ETag'),
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'View' });
export const ViewPage = pageOf(ViewView, 'ViewPage');
