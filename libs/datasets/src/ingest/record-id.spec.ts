import fc from 'fast-check';
import { bytesToUuid, isUuid } from '#kernel';
import { idRandom, idRange, MAX_PLACE, recordId } from './record-id.ts';

const place = fc.oneof(
  fc.integer({ min: 0, max: MAX_PLACE }),
  fc.constantFrom(0, 2 ** 30 - 1, 2 ** 30, 2 ** 31, MAX_PLACE),
);
const startMs = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const random = fc.uint8Array({ minLength: 4, maxLength: 4 });
const make = (ms: number, at: number, bytes: Uint8Array): string =>
  bytesToUuid(recordId(ms, at, bytes, Buffer.alloc(16)));

describe('ids of imported records', () => {
  it('are UUIDs of version 7', () => {
    fc.assert(
      fc.property(startMs, place, random, (ms, at, bytes) => {
        const id = make(ms, at, bytes);
        expect(isUuid(id)).toBe(true);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
        expect(parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(ms);
      }),
    );
  });

  it('sort as the lines of the file, whatever else is in them', () => {
    fc.assert(
      fc.property(startMs, place, place, random, random, (ms, one, other, a, b) => {
        fc.pre(one !== other);
        expect(make(ms, one, a) < make(ms, other, b)).toBe(one < other);
      }),
    );
  });

  it('of one import lie in its range, and of an earlier one below it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 48 - 1 }), place, random, (ms, at, bytes) => {
        const first = bytesToUuid(idRange(ms).first);
        const last = bytesToUuid(idRange(ms).last);
        const id = make(ms, at, bytes);
        expect(first <= id && id <= last).toBe(true);
        expect(make(ms - 1, at, bytes) < first).toBe(true);
      }),
    );
  });

  it('get four random bytes each', () => {
    expect(idRandom(3)).toHaveLength(12);
    expect(idRandom(3)).not.toEqual(idRandom(3));
  });
});
