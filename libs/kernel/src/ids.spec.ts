import { isUuid, newId, parseId, showId } from './ids.ts';

describe('ids', () => {
  it('are UUID v7 and rise within a process', () => {
    const ids = Array.from({ length: 10_000 }, newId);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every((id) => isUuid(id) && id[14] === '7' && /[89ab]/.test(id[19]!))).toBe(true);
  });

  it('are shown with a prefix and read back exactly', () => {
    const id = newId();
    expect(showId('ds', id)).toMatch(/^ds_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(parseId('ds', showId('ds', id))).toBe(id);
  });

  it.each([
    ['another prefix', 'rec'],
    ['upper case', 'DS'],
  ])('are refused with %s', (_name, prefix) => {
    expect(parseId('ds', showId(prefix, newId()))).toBeNull();
  });

  it('are refused when they would need more than 128 bits', () => {
    expect(parseId('ds', `ds_${'z'.repeat(26)}`)).toBeNull();
  });
});
