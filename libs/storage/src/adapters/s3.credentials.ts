import type { S3Client } from '@aws-sdk/client-s3';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { statusOf } from './s3.attempts.ts';

/** Credentials that say of themselves when they end are asked for anew this long before. */
const BEFORE_END_MS = 300_000;
/** Others come from a file or the environment: a changed file is seen within a minute, as everything that is mounted. */
const RENEW_MS = 60_000;
/** How soon refused ones are asked for anew again. A file is looked at every second, a service that hands them out is spared. */
const REFUSED_MS = { file: 1000, service: 30_000 };

export interface S3Identity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/**
 * What the AWS environment gives: variables, web identity, files, instance roles. Whatever is rotated takes effect without a
 * restart: by itself in time, and at once when the server refuses what is held.
 */
export class S3Credentials {
  readonly #find: () => Promise<S3Identity>;
  readonly #now: () => number;
  #held: S3Identity | null = null;
  #until = 0;
  #lookedAt = -Infinity;
  #looking: Promise<S3Identity> | null = null;

  constructor(find = inEnvironment, now = () => Date.now()) {
    this.#find = find;
    this.#now = now;
  }

  get held(): S3Identity | null {
    return this.#held;
  }

  /** For the SDK, which is told that they end now: so it asks each time, and how long they are held is decided here. */
  async give(): Promise<S3Identity> {
    const there = this.#held && this.#now() < this.#until ? this.#held : await this.#look();
    return { ...there, expiration: new Date(this.#now()) };
  }

  /** Whether there are others by now than these, which were refused. */
  async changedSince(refused: S3Identity | null): Promise<boolean> {
    if (this.#held !== refused) return true;
    const wait = refused?.expiration ? REFUSED_MS.service : REFUSED_MS.file;
    if (!this.#looking && this.#now() - this.#lookedAt < wait) return false;
    await this.#look();
    return this.#held !== refused;
  }

  #look(): Promise<S3Identity> {
    this.#looking ??= this.#lookAgain().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #lookAgain(): Promise<S3Identity> {
    const now = this.#now();
    this.#lookedAt = now;
    try {
      const found = await this.#find();
      const ends = found.expiration && found.expiration.getTime() - BEFORE_END_MS;
      this.#until = Math.max(ends ?? now + RENEW_MS, now + REFUSED_MS.file);
      // The same as before stay who they are, so that it shows whether there are others.
      this.#held = this.#held && isSame(found, this.#held) ? this.#held : found;
      return this.#held;
    } catch (error) {
      // A file that is being replaced, a service that is away: what is held may be good for a while.
      if (!this.#held || (this.#held.expiration && this.#held.expiration.getTime() <= now)) throw error;
      this.#until = now + REFUSED_MS.file;
      return this.#held;
    }
  }
}

/** Sends a refused request once more when its credentials have been rotated meanwhile. */
export function renewWhenRefused(client: S3Client, credentials: S3Credentials): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      await credentials.give();
      const before = credentials.held;
      try {
        return await next(args);
      } catch (error) {
        if (statusOf(error) !== 403 || !(await credentials.changedSince(before))) throw error;
        return next(args);
      }
    },
    { step: 'initialize', name: 'renewWhenRefused' },
  );
}

/** A provider keeps what it has found, so each look is one of its own. */
function inEnvironment(): Promise<S3Identity> {
  return defaultProvider({ ignoreCache: true })();
}

function isSame(one: S3Identity, other: S3Identity): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken &&
    one.expiration?.getTime() === other.expiration?.getTime()
  );
}
