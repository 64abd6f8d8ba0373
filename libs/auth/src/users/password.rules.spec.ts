import { checkPassword, knownPasswords } from './password.rules.ts';

const EMAIL = 'ada.lovelace@example.org';

function objection(password: string): string | undefined {
  try {
    checkPassword(password, EMAIL, '/password');
    return undefined;
  } catch (error) {
    const { code, kind, issues } = error as {
      code: string;
      kind: string;
      issues: { pointer: string; detail: string }[];
    };
    expect([code, kind, issues[0]!.pointer]).toEqual(['password-refused', 'invalid', '/password']);
    return issues[0]!.detail;
  }
}

describe('a new password', () => {
  it('is compared with more than 3,000 that are tried first', () => {
    expect(knownPasswords).toBeGreaterThan(3000);
  });

  it.each([
    'five words make a phrase',
    'a passphrase of five words',
    'another phrase of six good words',
    'x8Kq2-vT9z.LmW4r',
    'пароль из пяти разных слов',
    'aZ4$ 9~q|T{]m_e,',
    '🦊🌲🏔️🚲🧭🪁🎻🧊🪵🌾🦉🐌🧶🪴🫖',
    'the cat sat on mat here',
    'no digits or signs are needed',
  ])('may be %j', (password) => {
    expect(objection(password)).toBeUndefined();
  });

  it('has 15 characters at least, however many bytes they are', () => {
    expect(objection('x8Kq2-vT9z.LmW')).toBe('expected at least 15 characters');
    expect(objection('🦊🌲🏔🚲🧭🪁🎻🧊🪵🌾🦉🐌🧶🪴')).toBe('expected at least 15 characters');
    expect(objection('')).toBe('expected at least 15 characters');
  });

  it('has 256 characters at most, and all of them count', () => {
    const long = 'five words make a phrase '.repeat(11);
    expect(objection(long.slice(0, 256))).toBeUndefined();
    expect(objection(long.slice(0, 257))).toBe('expected at most 256 characters');
  });

  it.each(['ada.lovelace@example.org', 'me: Ada.Lovelace@Example.ORG !', 'ada lovelace@example org'])(
    'does not hold the e-mail address, as %j does',
    (password) => {
      expect(objection(password)).toBe('holds the e-mail address');
    },
  );

  it.each([
    'passwordpassword',
    'password12345678',
    'Password-2024-Password',
    'P@ssw0rdP@ssw0rd',
    'admin2024admin2024!',
    '123456789012345',
    '1234567812345678',
    'qwertyuiopasdfgh',
    'aaaaaaaaaaaaaaaa',
    'abababababababab',
    'abcdefghijklmnop',
    'iloveyouiloveyou',
    'letmeinletmein1!',
    'dragon monkey 1234',
    'football baseball',
    'summer2024summer',
    'lovelace1815lovelace',
    'llm data vault 2024',
    'correct horse battery staple',
    'Correct-Horse-Battery-Staple',
  ])('is not made of what is tried first: %j', (password) => {
    expect(objection(password)).toBe('is made of words and rows of characters that are tried first');
  });

  it('is looked at in no time, whatever it is', () => {
    const before = process.threadCpuUsage();
    for (const piece of ['password', 'a', 'ab', '1qaz2wsx', 'qwertyuiop0123456789'])
      objection(piece.repeat(256).slice(0, 256));
    // Microseconds of this thread's own work.
    expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
  });
});
