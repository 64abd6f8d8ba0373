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
    ['00000000-0000-0000-0000-000000000000', 'ds_00000000000000000000000000'],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'ds_7zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['01890a5d-ac96-774b-bcce-b302099a8057', 'ds_01h455vb4pex5vsknk084sn02q'],
  ])('%s is %s, and nothing else', (uuid, shown) => {
    expect(showId('ds', uuid)).toBe(shown);
    expect(parseId('ds', shown)).toBe(uuid);
    for (const other of [shown.toUpperCase(), shown.replace(/.$/, 'o'), shown.replace(/.$/, 'é'), `${shown} `]) {
      expect(parseId('ds', other)).toBeNull();
    }
  });

  it('are not shown when they are none', () => {
    for (const text of ['', '1', 'a'.repeat(36), newId().toUpperCase()]) expect(() => showId('ds', text)).toThrow();
  });

  it.each([
    ['another prefix', 'rec'],
    ['upper case', 'DS'],
  ])('are refused with %s', (_name, prefix) => {
    expect(parseId('ds', showId(prefix, newId()))).toBeNull();
  });

  it('are refused when they would need more than 128 bits', () => {
    expect(parseId('ds', `ds_${'z'.repeat(26)}`)).toBeNull();
    expect(parseId('ds', `ds_8${'0'.repeat(25)}`)).toBeNull();
  });
});
