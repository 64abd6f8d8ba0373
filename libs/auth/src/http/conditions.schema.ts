import { z } from 'zod';
import { CLASSIFICATIONS, type Conditions } from '../access/rule.ts';
import { isNetwork } from '../api-keys/networks.ts';

/** What something is done for. A word and not a sentence: it is compared, and goes into logs. */
export const PURPOSE = /^[a-z][a-z0-9-]{0,62}$/;
export const purpose = z.string().regex(PURPOSE, 'Expected lower-case letters, digits and hyphens');

/** A word as well: it stands in addresses, conditions and logs. */
export const viewName = z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, 'Expected lower-case letters, digits and hyphens');

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Expected a time like 08:00');

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const Hours = z.strictObject({
  from: time,
  until: time.describe('Not included; earlier than from for a night'),
  days: z.array(z.int().min(1).max(7)).min(1).max(7).optional().describe('1 is Monday; every day when left out'),
  zone: z.string().max(64).refine(isZone, 'Expected a time zone like Europe/Berlin').default('UTC'),
});

/** For changes: what is not sent stays. */
export const ConditionsChange: z.ZodType<Conditions, unknown> = z
  .strictObject({
    purposes: z.array(purpose).min(1).max(20).optional().describe('One of these is in the header X-Purpose'),
    classifications: z.array(z.enum(CLASSIFICATIONS)).min(1).max(4).optional().describe('The dataset is one of these'),
    networks: z
      .array(z.string().max(49).refine(isNetwork, 'Expected an address or a network like 192.0.2.0/24'))
      .min(1)
      .max(100)
      .optional()
      .describe('The caller comes from one of these'),
    hours: Hours.optional(),
    views: z
      .array(viewName)
      .min(1)
      .max(50)
      .optional()
      .describe(
        'Records are read through one of these views; only beside record:read-masked and dataset:export-masked',
      ),
  })
  .describe('All of them must hold');

export const ConditionsBody: z.ZodType<Conditions, unknown> = ConditionsChange.default({});

export const ConditionsView = z
  .object({
    purposes: z.array(z.string()).optional(),
    classifications: z.array(z.string()).optional(),
    networks: z.array(z.string()).optional(),
    hours: z
      .object({ from: z.string(), until: z.string(), days: z.array(z.int()).optional(), zone: z.string() })
      .optional(),
    views: z.array(z.string()).optional(),
  })
  .meta({ id: 'Conditions' });

export const effect = z.enum(['allow', 'deny']).describe('deny wins over every allow');
