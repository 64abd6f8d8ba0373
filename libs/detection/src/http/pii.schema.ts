import { z } from 'zod';
import { isOneWay, ONE_WAY, PolicyRefField } from '#pii-rules';

const MAX_TEXT = 1024 * 1024;
const TypeName = z.string().max(60);

const input = {
  text: z.string().max(MAX_TEXT).optional().describe('One text; exactly one of text, texts and data is sent'),
  texts: z.array(z.string().max(MAX_TEXT)).min(1).max(1000).optional().describe('Several texts'),
  data: z.json().optional().describe('Any JSON value; keys are context for their values'),
  types: z.array(TypeName).min(1).max(200).optional().describe('Only these types, see /pii/types'),
  min_confidence: z.number().min(0).max(1).optional().describe('Findings below this are left out'),
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'Expected a language tag such as de or en-GB')
    .optional()
    .describe('For national formats of phone numbers, dates and the like'),
  offsets: z
    .enum(['codepoint', 'utf16', 'byte'])
    .default('codepoint')
    .describe('What start and end count in; in data they always count UTF-16 units of the string at path'),
  explain: z
    .boolean()
    .default(false)
    .describe('Say by which rule and word of context each finding was made, and tell what the allow list lets pass'),
};

function isOneInput(body: { text?: unknown; texts?: unknown; data?: unknown }): boolean {
  return [body.text, body.texts, body.data].filter((each) => each !== undefined).length === 1;
}
const ONE_INPUT = { message: 'Expected exactly one of text, texts and data', path: ['text'] };

const example = { text: 'Write to jane@example.org or call +44 20 7946 0018' };

export const DetectBody = z.strictObject(input).refine(isOneInput, ONE_INPUT).meta({ id: 'Detect', example });
export type DetectBody = z.infer<typeof DetectBody>;

export const AnonymizeBody = z
  .strictObject({
    ...input,
    strategy: z
      .string()
      .max(80)
      .optional()
      .describe(
        'What is done with what is found, see /pii/strategies; options stand behind colons: mask:last=4. redact when left out',
      ),
    strategies: z.record(TypeName, z.string().max(80)).optional().describe('Other strategies, by type'),
    policy: PolicyRefField.optional().describe(
      'A policy, see /anonymization-policies, in place of strategies and types',
    ),
  })
  .refine(isOneInput, ONE_INPUT)
  .refine(isOneWay, ONE_WAY)
  .meta({ id: 'Anonymize', example: { ...example, strategy: 'mask' } });
export type AnonymizeBody = z.infer<typeof AnonymizeBody>;

const Risk = z.enum(['none', 'low', 'medium', 'high', 'critical']);

const DetectionView = z
  .object({
    type: z.string(),
    start: z.int(),
    end: z.int().describe('One past the last'),
    confidence: z.number(),
    risk_level: Risk,
    detector: z.string(),
    rule_version: z.int(),
    path: z.string().optional().describe('RFC 6901: the number of the text, or the place in data'),
    explanation: z.unknown().optional(),
    allowed: z.literal(true).optional().describe('It is on the allow list and does not count; only with explain'),
    allowlist_entry: z.string().optional().describe('The entry that allows it'),
  })
  .meta({ id: 'Detection' });

export const DetectView = z
  .object({
    detections: z.array(DetectionView),
    pii_found: z.boolean(),
    risk_level: Risk.describe('The highest of all'),
  })
  .meta({ id: 'Detections' });

export const AnonymizeView = z
  .object({
    text: z.string().optional(),
    texts: z.array(z.string()).optional(),
    data: z.unknown().optional(),
    detections: z.array(DetectionView),
    strategy: z.string(),
    policy: z.string().optional().describe('Name of the policy, with id and version where it is your own'),
  })
  .meta({ id: 'Anonymized' });

export const TypesView = z
  .object({
    items: z.array(
      z.object({
        type: z.string(),
        family: z.string(),
        risk_level: Risk,
        description: z.string(),
        on_by_default: z.boolean(),
      }),
    ),
    next_cursor: z.null(),
  })
  .meta({ id: 'PiiTypes' });

export const StrategiesView = z
  .object({
    items: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        reversible: z.boolean().describe('Whether whoever has the key can bring values back'),
        keyed: z.boolean().describe("Whether what it writes depends on the tenant's key"),
        options: z.array(
          z.object({
            name: z.string(),
            description: z.string(),
            values: z.array(z.string()).optional(),
            min: z.int().optional(),
            max: z.int().optional(),
            default: z.union([z.string(), z.number()]).nullable(),
          }),
        ),
      }),
    ),
    next_cursor: z.null(),
  })
  .meta({ id: 'PiiStrategies' });
