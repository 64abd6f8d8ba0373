import { TokenKeys } from '../sessions/token-keys.ts';
import { ATTEMPT_SECONDS, SealedAttempts } from './sealed-attempt.ts';

const attempt = { state: 'a state', nonce: 'a nonce', verifier: 'a verifier' };
const [old, current] = ['o'.repeat(32), 'c'.repeat(32)];

describe('a sign-in that was begun', () => {
  const attempts = new SealedAttempts(new TokenKeys(current));

  it('is kept without being readable, and opened again', async () => {
    const sealed = await attempts.seal(attempt);
    for (const secret of Object.values(attempt)) {
      expect(sealed).not.toContain(secret);
      expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain(secret);
    }
    expect(await attempts.open(sealed)).toEqual(attempt);
  });

  it('is opened by another server, and after the key was rotated as long as the old one is accepted', async () => {
    const sealed = await new SealedAttempts(new TokenKeys(old)).seal(attempt);
    expect(await new SealedAttempts(new TokenKeys(current, [old])).open(sealed)).toEqual(attempt);
    expect(await attempts.open(sealed)).toBeNull();
  });

  it('is forgotten after ten minutes', async () => {
    const sealed = await attempts.seal(attempt);
    jest.useFakeTimers({ now: Date.now() + (ATTEMPT_SECONDS + 1) * 1000, advanceTimers: true });
    try {
      expect(await attempts.open(sealed)).toBeNull();
    } finally {
      jest.useRealTimers();
    }
    expect(await attempts.open(sealed)).toEqual(attempt);
  });

  it.each(['', 'x', 'a.b.c.d.e', 'eyJhbGciOiJub25lIn0..', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....'])(
    'is not %j',
    async (sealed) => {
      expect(await attempts.open(sealed)).toBeNull();
    },
  );

  it('is not one in which a character was changed', async () => {
    const sealed = await attempts.seal(attempt);
    const parts = sealed.split('.');
    for (const part of [2, 3, 4]) {
      const text = parts[part]!;
      const changed = parts.with(part, `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`).join('.');
      expect(await attempts.open(changed)).toBeNull();
    }
  });
});
