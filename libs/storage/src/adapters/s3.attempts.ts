import { setTimeout } from 'node:timers/promises';
import { VaultError } from '#kernel';
import { StorageFull, StorageUnavailable } from '../blob-store.ts';

/** Failures of the moment that come as 4xx: a torn body, a clash of two writers, a slow sender. */
const PASSING_CODES = new Set([
  'BadDigest',
  'IncompleteBody',
  'RequestTimeout',
  'ConditionalRequestConflict',
  'SlowDown',
]);
const FULL_CODES = new Set(['QuotaExceeded', 'EntityTooLarge', 'InsufficientCapacity']);

export interface AttemptLimits {
  tries: number;
  /** Longest time of one try, its whole body included. */
  tryMs: number;
  wait: (ms: number) => Promise<void>;
}

export const S3_LIMITS: AttemptLimits = { tries: 3, tryMs: 30_000, wait: (ms) => setTimeout(ms) };

/** The answer's status, or 0 when there was none (no connection, or cut). */
export function statusOf(error: unknown): number {
  const metadata = isRecord(error) ? error['$metadata'] : undefined;
  const status = isRecord(metadata) ? metadata['httpStatusCode'] : undefined;
  return typeof status === 'number' ? status : 0;
}

/** The server's word for the error (`NoSuchKey`), or an empty text. */
export function nameOf(error: unknown): string {
  const name = isRecord(error) ? error['name'] : undefined;
  return typeof name === 'string' ? name : '';
}

/**
 * Tries `work` again while what fails may pass, at most three times. The pauses are random up to a growing limit (full
 * jitter), so that servers which failed together do not come back together.
 *
 * @throws StorageFull, StorageUnavailable, and what `work` throws of the vault's own errors
 */
export async function attempt<T>(
  limits: AttemptLimits,
  work: (signal: AbortSignal) => Promise<T>,
  alsoPassing: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await work(AbortSignal.timeout(limits.tryMs));
    } catch (error) {
      const again = alsoPassing(error) || (!(error instanceof VaultError) && isPassing(error));
      if (!again || attempts >= limits.tries) throw asVaultError(error);
      await limits.wait(Math.random() * 100 * 4 ** attempts);
    }
  }
}

function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 501) return false;
  return status === 0 || status === 429 || status >= 500 || PASSING_CODES.has(nameOf(error));
}

/** The server's errors in the words of the port. */
export function asVaultError(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  const full = statusOf(error) === 507 || FULL_CODES.has(nameOf(error));
  return (full ? new StorageFull() : new StorageUnavailable()).with({ retryAfter: full ? 60 : 5, cause: error });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
