import { z } from 'zod';
import { RISKS } from '#pii';
import { pageOf, sentId, text } from '#rest';

const sample = z.string().max(1000);
const word = text(100).trim().min(1);

const terms = {
  description: text(255).default(''),
  risk_level: z.enum(RISKS).exclude(['none']).default('medium'),
  score: z.number().min(0.05).max(1).default(0.6).describe('Confidence where no word of the context is near'),
  case_sensitive: z.boolean().default(false),
  words: z.array(word).max(5000).default([]).describe('Words and phrases, found as whole words; kept sealed'),
  patterns: z
    .array(z.string().min(1).max(500))
    .max(20)
    .default([])
    .describe('Letters, . [a-z] \\d \\w \\s \\p{L} ( ) | ? * + {m,n}: whole words, the longest match, in linear time'),
  context: z
    .array(text(60).trim().min(1))
    .max(50)
    .default([])
    .describe('Words near which, or under which key, it is surer'),
  examples: z
    .strictObject({ match: z.array(sample).min(1).max(50), no_match: z.array(sample).max(50).default([]) })
    .describe('Texts in which it must be found, and in which it must not: tried whenever it is saved'),
};

function describesSomething({ words, patterns }: { words: unknown[]; patterns: unknown[] }): boolean {
  return words.length + patterns.length > 0;
}
const NOTHING = { message: 'Expected words, patterns or both', path: ['words'] };

const example = {
  description: 'The number on the card of an employee',
  risk_level: 'high',
  patterns: ['EMP-\\d{6}'],
  context: ['employee', 'staff'],
  examples: { match: ['My number is EMP-104233.'], no_match: ['TEMP-104233', 'EMP-1'] },
};

export const NewCustomType = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{1,59}$/, 'Expected capital letters, digits and _')
      .describe('Never changes: findings name it'),
    ...terms,
  })
  .refine(describesSomething, NOTHING)
  .meta({ id: 'NewCustomType', example: { name: 'EMPLOYEE_NUMBER', ...example } });
export type NewCustomType = z.infer<typeof NewCustomType>;

export const CustomTypeTerms = z
  .strictObject(terms)
  .refine(describesSomething, NOTHING)
  .meta({ id: 'CustomTypeTerms', example });
export type CustomTypeTerms = z.infer<typeof CustomTypeTerms>;

export const CustomTypeId = z.strictObject({ id: sentId('pt') });
export type CustomTypeId = z.infer<typeof CustomTypeId>;

export const CustomTypeView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    risk_level: z.enum(RISKS),
    score: z.number(),
    case_sensitive: z.boolean(),
    words: z.array(z.string()),
    patterns: z.array(z.string()),
    context: z.array(z.string()),
    examples: z.object({ match: z.array(z.string()), no_match: z.array(z.string()) }),
    version: z.int().describe('The ETag'),
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'CustomType' });
export const CustomTypePage = pageOf(CustomTypeView, 'CustomTypePage');
