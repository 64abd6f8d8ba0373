import { base32, codeAt, otpauthUri, stepAt, stepOf } from './totp.ts';

const SECRET = Buffer.from('12345678901234567890');

describe('codes of an authenticator app', () => {
  // RFC 6238, appendix B, SHA-1: eight digits there, of which six are the last ones.
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %d seconds are those of RFC 6238', (seconds, digits) => {
    const time = new Date(seconds * 1000);
    expect(codeAt(SECRET, stepAt(time))).toBe(digits.slice(2));
    expect(stepOf(SECRET, digits.slice(2), time)).toBe(stepAt(time));
  });

  it('count half a minute before and after, and no longer', () => {
    const now = new Date(1_234_567_890_000);
    const around = [-2, -1, 0, 1, 2].map((drift) => stepOf(SECRET, codeAt(SECRET, stepAt(now) + drift), now));
    expect(around).toEqual([null, stepAt(now) - 1, stepAt(now), stepAt(now) + 1, null]);
  });

  it.each(['', '00592', '0059240', '005 924', '00592x', '٠٠٥٩٢٤'])('are never %j', (code) => {
    expect(stepOf(SECRET, code, new Date(1_234_567_890_000))).toBeNull();
  });

  // RFC 4648, section 10.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('have their secret %j typed in as %j', (bytes, text) => {
    expect(base32(Buffer.from(bytes))).toBe(text);
  });

  it('come from an app that has read a QR code', () => {
    expect(otpauthUri(SECRET, 'LLM Vault', 'ada@example.org')).toBe(
      `otpauth://totp/LLM%20Vault:ada%40example.org?secret=${base32(SECRET)}&issuer=LLM%20Vault&algorithm=SHA1&digits=6&period=30`,
    );
  });
});
