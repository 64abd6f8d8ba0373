import { z } from 'zod';
import { pageOf, sentId } from '#rest';

const password = z.string().max(1024);
const NEW_PASSWORD = 'another phrase of six good words';

/** No rule on length or form: a sign-in only compares. 1,024 characters keep hashing cheap. */
export const Credentials = z
  .strictObject({ email: z.string().max(320), password })
  .meta({ id: 'Credentials', example: { email: 'admin@example.org', password: 'a passphrase of five words' } });
export type Credentials = z.infer<typeof Credentials>;

export const TokenView = z
  .object({
    access_token: z.string(),
    refresh_token: z.string().describe('Works once: POST /auth/refresh gives its successor'),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds until the access token ends'),
  })
  .meta({ id: 'Token' });

export const PendingView = z
  .object({
    second_factor_required: z.literal(true),
    pending_token: z.string().describe('Send it with a code to POST /auth/second-factor/sign-in'),
    expires_in: z.int().describe('Seconds there are for that'),
  })
  .meta({ id: 'PendingSignIn' });

export const SignInView = z.union([TokenView, PendingView]).meta({ id: 'SignIn' });

const code = z.string().min(6).max(40).describe('Six digits of the app, or a recovery code');

export const SecondStep = z
  .strictObject({ pending_token: z.string().max(2048), code })
  .meta({ id: 'SecondStep', example: { pending_token: 'eyJ…', code: '123456' } });
export type SecondStep = z.infer<typeof SecondStep>;

export const Refresh = z
  .strictObject({ refresh_token: z.string().max(200) })
  .meta({ id: 'Refresh', example: { refresh_token: 'ldr_…' } });
export type Refresh = z.infer<typeof Refresh>;

export const PasswordChange = z.strictObject({ current_password: password, new_password: password }).meta({
  id: 'PasswordChange',
  example: { current_password: 'five words make a phrase', new_password: NEW_PASSWORD },
});
export type PasswordChange = z.infer<typeof PasswordChange>;

export const Invitation = z
  .strictObject({ token: z.string().max(200), password })
  .meta({ id: 'Invitation', example: { token: 'ldi_…', password: NEW_PASSWORD } });
export type Invitation = z.infer<typeof Invitation>;

export const AccountView = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    permissions: z.array(z.string()),
  })
  .meta({ id: 'Account' });

export const SessionId = z.strictObject({ id: sentId('ses') });

export const SessionView = z
  .object({
    id: z.string(),
    method: z.string().describe('How its user signed in'),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    current: z.boolean().describe('true: the one that asks'),
    created_at: z.string(),
    last_used_at: z.string(),
    expires_at: z.string(),
  })
  .meta({ id: 'Session' });
export const SessionPage = pageOf(SessionView, 'SessionPage');

export const Code = z.strictObject({ code }).meta({ id: 'Code', example: { code: '123456' } });
export type Code = z.infer<typeof Code>;

export const SecondFactorView = z
  .object({ enabled: z.boolean(), recovery_codes_left: z.int() })
  .meta({ id: 'SecondFactor' });

export const EnrolmentView = z
  .object({
    secret: z.string().describe('Base32, to be typed into the app'),
    otpauth_uri: z.string().describe('The same as a QR code holds it'),
  })
  .meta({ id: 'Enrolment' });

export const RecoveryCodesView = z
  .object({ recovery_codes: z.array(z.string()).describe('Each works once; shown only now') })
  .meta({ id: 'RecoveryCodes' });

export const RevokeEverything = z
  .strictObject({
    keep_current: z.boolean().default(false).describe('true: the session that asks goes on'),
    api_keys: z.boolean().default(false).describe('true: API keys too'),
  })
  .prefault({})
  .meta({ id: 'RevokeEverything', example: { keep_current: true, api_keys: false } });
export type RevokeEverything = z.infer<typeof RevokeEverything>;

export const RevokedView = z.object({ sessions: z.int(), api_keys: z.int() }).meta({ id: 'Revoked' });
