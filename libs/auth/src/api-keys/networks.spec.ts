import { isNetwork, isWithin } from './networks.ts';

describe('networks', () => {
  it.each(['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '2001:db8::/32', '::1', '::/0', '10.0.0.0/8'])(
    'can be %s',
    (text) => {
      expect(isNetwork(text)).toBe(true);
    },
  );

  it.each([
    '',
    'example.org',
    '192.0.2.1/33',
    '192.0.2',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '2001:db8::/129',
    '1.2.3.4/24/8',
    '*',
  ])('cannot be %j', (text) => {
    expect(isNetwork(text)).toBe(false);
  });

  it.each<[string, string[], boolean]>([
    ['192.0.2.7', ['192.0.2.0/24'], true],
    ['192.0.3.7', ['192.0.2.0/24'], false],
    ['192.0.2.7', ['192.0.2.7'], true],
    ['192.0.2.8', ['192.0.2.7'], false],
    ['198.51.100.1', ['192.0.2.0/24', '198.51.100.0/24'], true],
    ['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
    ['::FFFF:192.0.3.7', ['192.0.2.0/24'], false],
    ['2001:db8::7', ['2001:db8::/32'], true],
    ['2001:db9::7', ['2001:db8::/32'], false],
    ['192.0.2.7', ['2001:db8::/32'], false],
    ['192.0.2.7', ['0.0.0.0/0'], true],
    ['2001:db8::7', ['0.0.0.0/0'], false],
    ['nobody', ['0.0.0.0/0', '::/0'], false],
  ])('%s in %j: %s', (ip, networks, within) => {
    expect(isWithin(networks, ip)).toBe(within);
  });

  it('hold nobody whose address is not known', () => {
    expect(isWithin(['0.0.0.0/0', '::/0'], undefined)).toBe(false);
  });
});
