import { z } from 'zod';
import { pageOf, sentId, text } from '#rest';
import { isNetwork } from '../api-keys/networks.ts';
import { keyScopes } from '../permissions.ts';

const terms = {
  name: text(120).min(1),
  scopes: z.array(z.enum(keyScopes)).min(1).max(100).describe('What it may do, as far as its owner may'),
  dataset_ids: z.array(sentId('ds')).min(1).max(100).nullable().describe('The only datasets it reaches; null for all'),
  allowed_ips: z
    .array(text(50).refine(isNetwork, { message: 'Expected an address or a network such as 192.0.2.0/24' }))
    .max(100)
    .describe('Where it may be used from; from everywhere when empty'),
  expires_at: z.iso
    .datetime({ offset: true })
    .refine((time) => Date.parse(time) > Date.now(), { message: 'Expected a time to come' })
    .nullable()
    .describe('When it ends; null for never'),
};

export const ApiKeyId = z.strictObject({ id: sentId('key') });
export type ApiKeyId = z.infer<typeof ApiKeyId>;

export const NewApiKey = z
  .strictObject({
    ...terms,
    dataset_ids: terms.dataset_ids.default(null),
    allowed_ips: terms.allowed_ips.default([]),
    expires_at: terms.expires_at.default(null),
  })
  .meta({
    id: 'NewApiKey',
    example: {
      name: 'nightly import',
      scopes: ['dataset:read', 'dataset:import'],
      allowed_ips: ['127.0.0.0/8', '::1'],
    },
  });
export type NewApiKey = z.infer<typeof NewApiKey>;

export const ApiKeyChange = z
  .strictObject(terms)
  .partial()
  .meta({ id: 'ApiKeyChange', example: { name: 'nightly import of the help desk' } });
export type ApiKeyChange = z.infer<typeof ApiKeyChange>;

export const KeyRotation = z
  .strictObject({
    grace_minutes: z.int().min(0).max(10_080).default(0).describe('How long the old secret goes on working'),
  })
  .prefault({})
  .meta({ id: 'KeyRotation', example: { grace_minutes: 60 } });
export type KeyRotation = z.infer<typeof KeyRotation>;

export const ApiKeyView = z
  .object({
    id: z.string(),
    owner_id: z.string(),
    name: z.string(),
    hint: z.string().describe('How it ends'),
    scopes: z.array(z.string()),
    dataset_ids: z.array(z.string()).nullable(),
    allowed_ips: z.array(z.string()),
    expires_at: z.string().nullable(),
    last_used_at: z.string().nullable().describe('To the minute'),
    old_secret_until: z.string().nullable().describe('After a rotation with grace'),
    created_at: z.string(),
  })
  .meta({ id: 'ApiKey' });
export const ApiKeyPage = pageOf(ApiKeyView, 'ApiKeyPage');

export const ApiKeySecretView = ApiKeyView.extend({ key: z.string().describe('The secret; shown only now') }).meta({
  id: 'ApiKeySecret',
});
