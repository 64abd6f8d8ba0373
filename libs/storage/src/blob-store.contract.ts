import { randomBytes } from 'node:crypto';
import { BlobExists, BlobNotFound, type BlobStore, BlobTooShort } from './blob-store.ts';

/** What every blob store promises. `make` gives an empty one. */
export function blobStoreContract(name: string, make: () => Promise<BlobStore>): void {
  describe(`${name} keeps the promise of BlobStore`, () => {
    const bytes = randomBytes(100_000);
    let store: BlobStore;
    beforeAll(async () => {
      store = await make();
    });

    it('gives back the bytes it was given', async () => {
      await store.put('whole', bytes);
      expect(bytes.equals(await store.get('whole'))).toBe(true);
    });

    it('keeps objects of 8 MiB and of no bytes', async () => {
      const large = randomBytes(8 * 1024 * 1024);
      await store.put('large', large);
      await store.put('empty', new Uint8Array(0));
      expect(large.equals(await store.get('large'))).toBe(true);
      expect(await store.get('empty')).toHaveLength(0);
    });

    it.each([
      [0, 1],
      [0, 100_000],
      [99_999, 100_000],
      [1234, 56_789],
    ])('gives exactly the range from %d up to %d', async (start, end) => {
      await store.put('ranges', bytes);
      expect(Buffer.from(await store.get('ranges', { start, end }))).toEqual(bytes.subarray(start, end));
    });

    it.each([
      [99_999, 100_001],
      [100_000, 100_001],
      [200_000, 200_010],
    ])('does not give less than the range from %d up to %d', async (start, end) => {
      await store.put('ranges', bytes);
      await expect(store.get('ranges', { start, end })).rejects.toThrow(BlobTooShort);
    });

    it('takes the same bytes again and refuses others, which change nothing', async () => {
      await store.put('once', bytes);
      await expect(store.put('once', bytes)).resolves.toBeUndefined();
      await expect(store.put('once', bytes.subarray(1))).rejects.toThrow(BlobExists);
      await expect(store.put('once', Buffer.alloc(bytes.length))).rejects.toThrow(BlobExists);
      expect(bytes.equals(await store.get('once'))).toBe(true);
    });

    it('has one winner when many put different bytes at once', async () => {
      const contents = Array.from({ length: 6 }, () => randomBytes(1000));
      const results = await Promise.allSettled(contents.map((content) => store.put('raced', content)));
      const winners = contents.filter((_, i) => results[i]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect(winners[0]?.equals(await store.get('raced'))).toBe(true);
    });

    it('keeps no hold of the buffers it takes and gives', async () => {
      const given = randomBytes(100);
      const copy = Buffer.from(given);
      await store.put('own', given);
      given.fill(0);
      (await store.get('own')).fill(0);
      expect(copy.equals(await store.get('own'))).toBe(true);
    });

    it('names what is not there', async () => {
      await expect(store.get('absent')).rejects.toThrow(BlobNotFound);
      await expect(store.get('absent', { start: 0, end: 5 })).rejects.toThrow('absent');
    });

    it('deletes, also what is not there, and takes the key again', async () => {
      await store.put('gone', bytes);
      await store.delete('gone');
      await store.delete('gone');
      await expect(store.get('gone')).rejects.toThrow(BlobNotFound);
      await store.put('gone', bytes.subarray(5));
      expect(await store.get('gone')).toHaveLength(bytes.length - 5);
    });

    it('lists by prefix, in order, beginning behind a key', async () => {
      const keys = ['list-0a', 'list-0a0000001', 'list-0a0000002', 'list-0a000001x', 'list-0b', 'list-1', 'lost'];
      for (const key of keys.toReversed()) await store.put(key, Buffer.from(key));
      const listed = async (prefix: string, after?: string): Promise<string[]> => {
        const found: string[] = [];
        for await (const { key } of store.list(prefix, after)) found.push(key);
        return found;
      };
      expect(await listed('list-')).toEqual(keys.slice(0, 6));
      expect(await listed('list-0a0000')).toEqual(['list-0a0000001', 'list-0a0000002', 'list-0a000001x'].slice(0, 3));
      expect(await listed('list-', 'list-0a0000002')).toEqual(['list-0a000001x', 'list-0b', 'list-1']);
      expect(await listed('list-9')).toEqual([]);
    });

    it('lists sizes and times', async () => {
      await store.put('sized', bytes);
      for await (const blob of store.list('sized')) {
        expect(blob.size).toBe(bytes.length);
        expect(Math.abs(Date.now() - blob.modified.getTime())).toBeLessThan(3_600_000);
      }
    });

    it.each(['', '../escape', 'a/b', '.hidden', 'Upper', 'nul\0', 'x'.repeat(129)])(
      'refuses the key %j',
      async (key) => {
        await expect(store.put(key, bytes)).rejects.toThrow(RangeError);
        await expect(store.get(key)).rejects.toThrow(RangeError);
        await expect(store.delete(key)).rejects.toThrow(RangeError);
      },
    );

    it.each([
      [5, 5],
      [6, 5],
      [-1, 5],
    ])('refuses the range from %d up to %d', async (start, end) => {
      await expect(store.get('whole', { start, end })).rejects.toThrow(RangeError);
    });

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}
