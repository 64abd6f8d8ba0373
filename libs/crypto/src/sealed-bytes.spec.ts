import { randomBytes } from 'node:crypto';
import { openBytes, sealBytes } from './sealed-bytes.ts';

const key = new Uint8Array(randomBytes(32));
const context = { use: 'test', tenant: 'a' };
const bytes = Buffer.from('a few words');

describe('sealed bytes', () => {
  it('open with their key and context to what they were', () => {
    expect(openBytes(key, sealBytes(key, bytes, context), context)).toEqual(bytes);
    expect(openBytes(key, sealBytes(key, Buffer.alloc(0), context), context)).toEqual(Buffer.alloc(0));
  });

  it('are another text each time', () => {
    expect(sealBytes(key, bytes, context).equals(sealBytes(key, bytes, context))).toBe(false);
  });

  it('do not open with another key, for another context, cut, or with any bit flipped', () => {
    const sealed = sealBytes(key, bytes, context);
    expect(openBytes(new Uint8Array(randomBytes(32)), sealed, context)).toBeNull();
    expect(openBytes(key, sealed, { ...context, tenant: 'b' })).toBeNull();
    expect(openBytes(key, sealed.subarray(0, -1), context)).toBeNull();
    expect(openBytes(key, Buffer.alloc(10), context)).toBeNull();
    for (let at = 0; at < sealed.length; at += 1) {
      const flipped = Buffer.from(sealed);
      flipped[at]! ^= 1;
      expect(openBytes(key, flipped, context)).toBeNull();
    }
  });
});
