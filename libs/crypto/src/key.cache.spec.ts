import { Clock } from '#kernel';
import { KeyCache } from './key.cache.ts';

class HandClock extends Clock {
  seconds = 0;
  override now(): Date {
    return new Date(this.seconds * 1000);
  }
}

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

describe('the key cache', () => {
  let clock: HandClock;
  let cache: KeyCache;
  beforeEach(() => {
    clock = new HandClock();
    cache = new KeyCache({ size: 2, ttlSeconds: 300 }, clock);
  });

  it('gives back copies, so nobody changes the key of another', () => {
    const given = key(1);
    cache.set('a', given);
    given.fill(9);
    cache.get('a')?.fill(9);
    expect(cache.get('a')).toEqual(key(1));
  });

  it('drops the least recently used first', () => {
    cache.set('a', key(1));
    cache.set('b', key(2));
    cache.get('a');
    cache.set('c', key(3));
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([key(1), undefined, key(3)]);
    expect(cache.size).toBe(2);
  });

  it('keeps nothing past its time, however often it is used', () => {
    cache.set('a', key(1));
    clock.seconds = 299;
    expect(cache.get('a')).toEqual(key(1));
    clock.seconds = 300;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it('keeps nothing when the clock is set back', () => {
    cache.set('a', key(1));
    clock.seconds = -3600;
    expect(cache.get('a')).toBeUndefined();
  });

  it.each([
    ['is deleted', () => cache.delete('a')],
    ['is replaced', () => cache.set('a', key(5))],
    ['is crowded out', () => ['b', 'c'].forEach((name) => cache.set(name, key(2)))],
    ['is cleared', () => cache.clear()],
  ])('overwrites a key that %s', (_name, drop) => {
    const slice = jest.spyOn(Uint8Array.prototype, 'slice');
    cache.set('a', key(1));
    const held = slice.mock.results[0]?.value as Uint8Array;
    slice.mockRestore();
    expect(held).toEqual(key(1));
    drop();
    expect(held).toEqual(key(0));
  });
});
