import { defaultProvider } from '@aws-sdk/credential-provider-node';

/** The SDK asks for new credentials when the ones it has end within five minutes. */
const SDK_WINDOW_MS = 300_000;
/** So a changed file is seen within a minute, as its new content is by everything else that is mounted. */
const RENEW_MS = 60_000;

export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/**
 * What the AWS environment gives: variables, web identity, files, instance roles. Keys that say of themselves when they end are
 * kept until then. The others come from a file or the environment and the SDK would keep them for as long as the process lives:
 * here they are looked at again every minute, so that a rotated key takes effect without a restart.
 */
export async function s3Credentials(now = Date.now()): Promise<S3Credentials> {
  const found = await defaultProvider({ ignoreCache: true })();
  return { ...found, expiration: found.expiration ?? new Date(now + SDK_WINDOW_MS + RENEW_MS) };
}
