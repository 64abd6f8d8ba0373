import { hash, verify } from '@node-rs/argon2';
import { SignInBusy } from '../auth.errors.ts';

/** OWASP ASVS 5.0 appendix C: Argon2id (the library's default), m = 46 MiB, t = 1, p = 1. */
const COST = { memoryCost: 47_104, timeCost: 1, parallelism: 1 };
const AT_ONCE = 4;
const QUEUE = 64;

/** Hashes and checks passwords. Each check takes 46 MiB, so only a few run at once: more would be an attack on memory. */
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private dummy: string | undefined;

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, COST));
  }

  /**
   * Checks a password against a stored hash; against a made-up one when there is no such user, so that both take
   * the same time.
   *
   * @throws SignInBusy when too many checks are waiting
   */
  async matches(stored: string | null, password: string): Promise<boolean> {
    return this.inTurn(async () => {
      // Made at the first check of all, whoever asks: made for the first unknown user, it would tell by its time.
      this.dummy ??= await hash(crypto.randomUUID(), COST);
      const same = await verify(stored ?? this.dummy, password);
      return stored !== null && same;
    });
  }

  /** A turn that ends goes to the one that waited longest, never to one that comes by chance at that moment. */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < AT_ONCE) this.running += 1;
    else if (this.waiting.length < QUEUE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else throw new SignInBusy().with({ retryAfter: 2 });
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
