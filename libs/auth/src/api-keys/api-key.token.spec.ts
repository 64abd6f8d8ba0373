import { crc32 } from 'node:zlib';
import { isApiKey, isWellFormed, newApiKey } from './api-key.token.ts';

describe('an API key', () => {
  it('has a beginning that scanners know, 256 bits, and a checksum', () => {
    const key = newApiKey();
    expect(key).toMatch(/^ldv_live_[0-9A-Za-z]{49}$/);
    expect([isApiKey(key), isWellFormed(key)]).toEqual([true, true]);
    expect(new Set(Array.from({ length: 1000 }, newApiKey)).size).toBe(1000);
  });

  it('ends in the CRC-32 of all before, in base 62', () => {
    const key = newApiKey();
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const number = Array.from(key.slice(-6)).reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
    expect(number).toBe(crc32(key.slice(0, -6)));
  });

  it('is told from a mistyped one without asking anybody', () => {
    const key = newApiKey();
    for (let at = 'ldv_live_'.length; at < key.length; at += 1) {
      const typo = key.slice(0, at) + (key[at] === 'a' ? 'b' : 'a') + key.slice(at + 1);
      expect(isWellFormed(typo)).toBe(false);
    }
    const swapped = Array.from(key);
    const at = swapped.findIndex((each, i) => i >= 9 && i < 48 && each !== swapped[i + 1]);
    [swapped[at], swapped[at + 1]] = [swapped[at + 1]!, swapped[at]!];
    for (const wrong of [swapped.join(''), key.slice(0, -1), `${key}0`, `${key}\n`, key.replace('live', 'test'), '']) {
      expect(isWellFormed(wrong)).toBe(false);
    }
  });
});
