import { hkdfSync } from 'node:crypto';
import { newKey } from './key-material.ts';
import { openKey, sealKey } from './key-wrap.ts';

const context = { use: 'segment-key', tenant: 't1', segment: 's1' };

describe('a wrapped key', () => {
  const wrapping = newKey();
  const key = newKey();
  const sealed = sealKey(wrapping, key, context);

  it('opens with the wrapping key and context it was made with', () => {
    expect(openKey(wrapping, sealed, context)).toEqual(key);
  });

  it('has the documented sizes and commitment', () => {
    expect([sealed.salt.length, sealed.wrapped.length]).toEqual([32, 48]);
    expect(Buffer.from(sealed.commitment)).toEqual(Buffer.from(hkdfSync('sha256', key, '', 'commit', 32)));
  });

  it('is never the same twice', () => {
    expect(sealKey(wrapping, key, context).wrapped).not.toEqual(sealed.wrapped);
  });

  it('invariant 5: does not open in another context', () => {
    expect(openKey(wrapping, sealed, { ...context, segment: 's2' })).toBeNull();
    expect(openKey(wrapping, sealed, { ...context, more: '' })).toBeNull();
  });

  it('invariant 5: does not open with another wrapping key', () => {
    expect(openKey(newKey(), sealed, context)).toBeNull();
  });

  it.each(['salt', 'wrapped', 'commitment'] as const)(
    'invariant 5: does not open with a bit flipped in its %s',
    (part) => {
      for (let at = 0; at < sealed[part].length; at += 1) {
        const bytes = Uint8Array.from(sealed[part], (byte, i) => (i === at ? byte ^ 1 : byte));
        expect(openKey(wrapping, { ...sealed, [part]: bytes }, context)).toBeNull();
      }
    },
  );

  it.each([0, 4, 47, 49])('invariant 5: does not open when it is %d bytes long', (length) => {
    const wrapped = Buffer.concat([sealed.wrapped, Buffer.alloc(1)]).subarray(0, length);
    expect(openKey(wrapping, { ...sealed, wrapped }, context)).toBeNull();
  });

  it('does not open with the commitment of another key or a short one', () => {
    const other = sealKey(wrapping, newKey(), context);
    expect(openKey(wrapping, { ...sealed, commitment: other.commitment }, context)).toBeNull();
    expect(openKey(wrapping, { ...sealed, commitment: new Uint8Array(0) }, context)).toBeNull();
  });
});
