import { z } from 'zod';
import { auditConfig } from '#audit-trail';
import { authConfig, type OidcProviderOptions } from '#auth';
import { type Frozen, type LoadedSettings, loadSettings, SettingsInvalid } from '#config';
import { encryptionConfig } from '#crypto';
import { databaseConfig } from '#database';
import type { Issue } from '#kernel';
import { maintenanceConfig } from '#maintenance';
import { storageConfig } from '#storage';
import { throttlingConfig } from '#throttling';

/** Everything an operator can set: the rooms' own sections, and what belongs to the process as a whole. */
export const settingsSchema = z.object({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 in a container'),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port of the API, its documentation and the health checks'),
  env: z.string().min(1).default('production').describe('Which file of the config folder is read: config/{env}.toml'),
  max_body_size: z
    .number()
    .int()
    .min(1024)
    .max(1024 ** 3)
    .default(10_485_760)
    .describe('Largest JSON body, in bytes; imports are streamed and have no limit'),
  request_timeout_seconds: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe('Longest time a JSON body may take to arrive; imports only have to keep coming'),
  cors_origins: z
    .array(z.string().regex(/^https?:\/\/[^/]+$/, 'expected origins such as https://console.example.org'))
    .default([])
    .describe('Origins whose pages may call the API from a browser; none by default'),
  trusted_proxies: z
    .array(z.string().regex(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/, 'expected addresses or networks such as 10.0.0.0/8'))
    .default([])
    .describe('Proxies whose X-Forwarded-For is believed; none by default'),
  data_dir: z.string().min(1).default('./data').describe('Folder of all that the embedded defaults keep'),
  ...authConfig,
  ...throttlingConfig,
  database: databaseConfig.prefault({}),
  storage: storageConfig.prefault({}),
  encryption: encryptionConfig.prefault({}),
  audit: auditConfig.prefault({}),
  maintenance: maintenanceConfig.prefault({}),
  jobs: z
    .object({
      in_server: z
        .boolean()
        .default(true)
        .describe('Whether servers do jobs too; false where vault-server worker does'),
    })
    .prefault({}),
  telemetry: z
    .object({
      log_level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('The least that is logged'),
      metrics_port: z.number().int().min(0).max(65_535).default(9090).describe('Port of GET /metrics'),
      certificate_file: z
        .string()
        .min(1)
        .optional()
        .describe('The certificate that clients are shown; when it ends is a metric'),
      otlp_endpoint: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe(
          'Collector that traces are sent to by OTLP over HTTP, such as http://collector:4318; without it there are none',
        ),
      service_name: z.string().min(1).max(255).default('vault-server').describe('What this server is called in traces'),
    })
    .prefault({}),
  pii: z
    .object({
      min_confidence: z.number().min(0).max(1).default(0.5).describe('Findings below this are dropped'),
    })
    .prefault({}),
});
export type Settings = Frozen<z.infer<typeof settingsSchema>>;

/** The identity provider as it is set; none when no issuer is. */
export function providerOf({ oidc, public_url: publicUrl }: Settings): OidcProviderOptions | undefined {
  const { issuer, client_id: clientId, name } = oidc;
  if (!issuer || !clientId || !publicUrl) return undefined;
  return {
    name,
    issuer,
    clientId,
    clientSecret: oidc.client_secret,
    scopes: oidc.scopes,
    redirectUri: new URL(`/api/v1/auth/oidc/${name}/callback`, publicUrl).href,
    emailDomains: oidc.email_domains,
    rolesClaim: oidc.roles_claim,
    roles: oidc.roles,
    tenant: oidc.tenant,
  };
}

/** @throws SettingsInvalid */
export function readSettings(): LoadedSettings<z.infer<typeof settingsSchema>> {
  const loaded = loadSettings(settingsSchema);
  const issues = togetherWith(loaded.settings);
  if (issues.length > 0) throw new SettingsInvalid(issues).with({ issues });
  return loaded;
}

/** Settings that another one needs beside it. */
function togetherWith({ database, jwt_secret: secret, oidc, public_url: publicUrl }: Settings): Issue[] {
  const missing = (pointer: string, other: string): Issue => ({
    pointer,
    detail: `is required together with ${other}`,
  });
  const issues: Issue[] = [];
  // Each replica would make a secret of its own, and refuse the tokens of the others.
  if (database.url && !secret) issues.push(missing('VAULT__JWT_SECRET', 'VAULT__DATABASE__URL'));
  if (!oidc.issuer) return issues;
  const issuer = 'VAULT__OIDC__ISSUER';
  if (!oidc.client_id) issues.push(missing('VAULT__OIDC__CLIENT_ID', issuer));
  if (!publicUrl) issues.push(missing('VAULT__PUBLIC_URL', issuer));
  // Whoever may have any address at the provider would be anybody here.
  if (oidc.email_domains.length === 0) issues.push(missing('VAULT__OIDC__EMAIL_DOMAINS', issuer));
  return issues;
}
