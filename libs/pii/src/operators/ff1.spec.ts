import { Ff1 } from './ff1.ts';

const KEY = '2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94';
const TEN = '39383736353433323130';
const ELEVEN = '3737373770717273373737';

describe('FF1', () => {
  // The examples that NIST publishes with SP 800-38G.
  it.each([
    [16, 10, '', '0123456789', '2433477484'],
    [16, 10, TEN, '0123456789', '6124200773'],
    [16, 36, ELEVEN, '0123456789abcdefghi', 'a9tv40mll9kdu509eum'],
    [24, 10, '', '0123456789', '2830668132'],
    [24, 10, TEN, '0123456789', '2496655549'],
    [24, 36, ELEVEN, '0123456789abcdefghi', 'xbj3kv35jrawxv32ysr'],
    [32, 10, '', '0123456789', '6657667009'],
    [32, 10, TEN, '0123456789', '1001623463'],
    [32, 36, ELEVEN, '0123456789abcdefghi', 'xs8a0azh2avyalyzuwd'],
  ])(
    'with a key of %d bytes in radix %d and tweak "%s" makes %s %s, and back',
    (bytes, radix, tweak, plain, sealed) => {
      const cipher = new Ff1(Buffer.from(KEY, 'hex').subarray(0, bytes), radix);
      const numerals = (text: string): number[] => Array.from(text, (character) => parseInt(character, radix));
      expect(cipher.encrypt(numerals(plain), Buffer.from(tweak, 'hex'))).toEqual(numerals(sealed));
      expect(cipher.decrypt(numerals(sealed), Buffer.from(tweak, 'hex'))).toEqual(numerals(plain));
    },
  );

  it('refuses what could be tried through', () => {
    expect([Ff1.takes(10, 5), Ff1.takes(10, 6), Ff1.takes(36, 3), Ff1.takes(36, 4)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(() => new Ff1(Buffer.alloc(16), 10).encrypt([1, 2, 3, 4, 5], Buffer.alloc(0))).toThrow(RangeError);
  });
});
