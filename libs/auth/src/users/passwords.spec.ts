import { Passwords } from './passwords.ts';

const RIGHT = 'a passphrase of five words';

describe('passwords', () => {
  const passwords = new Passwords();
  let stored: string;
  beforeAll(async () => {
    stored = await passwords.hash(RIGHT);
  });

  it('are kept as Argon2id with the cost of OWASP ASVS', () => {
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
  });

  it('are salted: the same one never looks the same twice', async () => {
    expect(await passwords.hash(RIGHT)).not.toBe(stored);
  });

  it('match themselves and nothing else', async () => {
    expect(await passwords.matches(stored, RIGHT)).toBe(true);
    for (const wrong of ['', ` ${RIGHT}`, RIGHT.toUpperCase(), RIGHT.slice(0, -1), `${RIGHT}\0`]) {
      expect(await passwords.matches(stored, wrong)).toBe(false);
    }
  });

  it('count in their whole length', async () => {
    const long = 'x'.repeat(1000);
    const hash = await passwords.hash(`${long}y`);
    expect(await passwords.matches(hash, `${long}y`)).toBe(true);
    expect(await passwords.matches(hash, `${long}z`)).toBe(false);
  });

  it('never match where there is no user, and cost a whole check all the same', async () => {
    // The made-up hash has the very cost of a stored one; how long that takes is not for a test to say.
    const cost = (hash: string): string | undefined => /\$m=\d+,t=\d+,p=\d+\$/.exec(hash)?.[0];
    expect(await passwords.matches(null, 'wrong')).toBe(false);
    const { dummy } = passwords as unknown as { dummy: string };
    expect(cost(dummy)).toBe(cost(stored));
    expect(cost(dummy)).toBeDefined();
  });
});

/** Counts how many checks run at once, each ended by hand. */
class Counted {
  running = 0;
  most = 0;
  private readonly turns = new Passwords() as unknown as { inTurn<T>(work: () => Promise<T>): Promise<T> };
  readonly ends: (() => void)[] = [];
  check(): Promise<void> {
    return this.turns.inTurn(async () => {
      this.running += 1;
      this.most = Math.max(this.most, this.running);
      await new Promise<void>((resolve) => this.ends.push(resolve));
      this.running -= 1;
    });
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('checks of passwords', () => {
  it('are four at a time, 64 wait, and more are told to come back', async () => {
    const passwords = new Counted();
    const all = Array.from({ length: 68 }, () => passwords.check());
    await settled();
    expect(passwords.running).toBe(4);
    await expect(passwords.check()).rejects.toMatchObject({ code: 'sign-in-busy', kind: 'too-many', retryAfter: 2 });
    while (passwords.ends.length > 0) {
      passwords.ends.shift()!();
      await settled();
    }
    await Promise.all(all);
    expect(passwords.most).toBe(4);
  });

  it('are never more, also when one comes at the moment another ends', async () => {
    const passwords = new Counted();
    const all = Array.from({ length: 5 }, () => passwords.check());
    await settled();
    for (let i = 0; i < 20; i += 1) {
      passwords.ends.shift()!();
      // One microtask after another, so that some newcomer finds the turn between two hands.
      for (let j = 0; j < i; j += 1) await Promise.resolve();
      all.push(passwords.check());
      await settled();
    }
    while (passwords.ends.length > 0) {
      passwords.ends.shift()!();
      await settled();
    }
    await Promise.all(all);
    expect(passwords.most).toBe(4);
  });

  it('give their turn on when they fail', async () => {
    const passwords = new Passwords();
    const failing = Array.from({ length: 10 }, () => passwords.matches('no hash at all', 'x'));
    expect((await Promise.allSettled(failing)).every(({ status }) => status === 'rejected')).toBe(true);
    const hash = await passwords.hash(RIGHT);
    expect(await passwords.matches(hash, RIGHT)).toBe(true);
  });
});
