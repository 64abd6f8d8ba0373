import { createCipheriv, randomBytes } from 'node:crypto';
import type { Block } from './block.ts';
import { newKey } from './key-material.ts';
import {
  additionalDataOf,
  decodeHeader,
  MAX_LINE_BYTES,
  MAX_SEGMENT_BYTES,
  nonceOf,
  type SealedSegment,
  SegmentCorrupt,
  SegmentTooLarge,
} from './segment-format.ts';
import { openBlock, openSegment } from './segment.reader.ts';
import { type PackedSegment, packSegment, segmentShareOf } from './segment.writer.ts';

const place = { tenantId: 'tenant-1', datasetId: 'dataset-1', segmentId: 'segment-1' };

function lineOf(i: number): Buffer {
  return Buffer.from(
    JSON.stringify({ id: i, text: `Ann Example asked about order ${i * 7919}. `.repeat((i % 7) + 1) }),
  );
}

function sealedOf(packed: PackedSegment, key: Uint8Array): SealedSegment {
  return { ...place, key, noncePrefix: packed.noncePrefix, blockCount: packed.blockOffsets.length - 1 };
}

function blockBytes(packed: PackedSegment, index: number): Uint8Array {
  return packed.bytes.subarray(packed.blockOffsets[index], packed.blockOffsets[index + 1]);
}

function flip(bytes: Uint8Array, at: number, bit = 1): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ bit : byte));
}

function linesOf(blocks: Iterable<Block>): Buffer[] {
  return [...blocks].flatMap((block) => Array.from({ length: block.count }, (_, i) => Buffer.from(block.line(i))));
}

const key = newKey();
const lines = Array.from({ length: 1500 }, (_, i) => lineOf(i));
const packed = packSegment({ ...place, key }, lines);
const sealed = sealedOf(packed, key);

describe('a segment', () => {
  it('keeps the leaves of records that were committed before, under another key and in other places', () => {
    const old = lines.map((_, i) => {
      const block = openBlock(sealed, packed.places.block[i]!, blockBytes(packed, packed.places.block[i]!));
      return block.salt(packed.places.position[i]!);
    });
    const moved = packSegment(
      { ...place, segmentId: 'segment-2', key: newKey() },
      lines.toReversed(),
      old.toReversed(),
    );
    const leaves = lines.map((_, i) => Buffer.from(moved.leaves.subarray(32 * i, 32 * i + 32)));
    expect(Buffer.concat(leaves.toReversed())).toEqual(Buffer.from(packed.leaves));
  });

  it('gives back the exact bytes of every record, wherever it lies', () => {
    expect(sealed.blockCount).toBeGreaterThan(2);
    const blocks = new Map<number, Block>();
    lines.forEach((line, i) => {
      const index = packed.places.block[i]!;
      const block = blocks.get(index) ?? openBlock(sealed, index, blockBytes(packed, index));
      blocks.set(index, block);
      expect(Buffer.from(block.line(packed.places.position[i]!))).toEqual(line);
      expect(Buffer.from(block.leaf(packed.places.position[i]!))).toEqual(
        Buffer.from(packed.leaves.subarray(32 * i, 32 * i + 32)),
      );
    });
  });

  it('opens as a whole, in order', () => {
    expect(linesOf(openSegment(sealed, packed.bytes))).toEqual(lines);
  });

  it('tells what it holds', () => {
    expect(packed.records).toBe(lines.length);
    expect(packed.plainBytes).toBe(lines.reduce((sum, line) => sum + line.length, 0));
    expect(packed.blockOffsets.at(-1)).toBe(packed.bytes.length);
    const header = decodeHeader(packed.bytes);
    expect(header?.blockOffsets).toEqual(packed.blockOffsets);
    expect(Buffer.from(header!.noncePrefix)).toEqual(Buffer.from(packed.noncePrefix));
  });

  it('has block bodies that are JSON Lines', () => {
    const block = openBlock(sealed, 0, blockBytes(packed, 0));
    const body = Buffer.concat(lines.slice(0, block.count).map((line) => Buffer.concat([line, Buffer.from('\n')])));
    expect(Buffer.from(block.body)).toEqual(body);
    expect(block.body.length).toBeLessThanOrEqual(65_536);
  });

  it('keeps any bytes: empty lines, newlines inside, no text at all', () => {
    const odd = [Buffer.alloc(0), Buffer.from('a\nb\n'), randomBytes(3000), Buffer.alloc(0), Buffer.from('{}')];
    const small = packSegment({ ...place, key }, odd);
    expect(linesOf(openSegment(sealedOf(small, key), small.bytes))).toEqual(odd);
  });

  it('gives a long record a block of its own and stores what does not compress as it is', () => {
    const long = randomBytes(MAX_LINE_BYTES);
    const mixed = packSegment({ ...place, key }, [lineOf(1), long, lineOf(2)]);
    expect([...mixed.places.block]).toEqual([0, 1, 2]);
    expect(mixed.bytes.length).toBeLessThan(long.length + 1000);
    expect(linesOf(openSegment(sealedOf(mixed, key), mixed.bytes))[1]?.equals(long)).toBe(true);
  });

  it('compresses what does compress', () => {
    expect(packed.bytes.length).toBeLessThan(packed.plainBytes / 2);
  });

  it('invariant 1: shows nothing of a record in its bytes', () => {
    const marked = packSegment({ ...place, key }, [Buffer.from('CANARY-ann@example.org'), randomBytes(100)]);
    expect(Buffer.from(marked.bytes).includes('CANARY')).toBe(false);
  });

  it('has another nonce prefix, other salts and other leaves each time', () => {
    const again = packSegment({ ...place, key }, lines);
    expect(again.noncePrefix).not.toEqual(packed.noncePrefix);
    expect(again.leaves.subarray(0, 32)).not.toEqual(packed.leaves.subarray(0, 32));
    const salts = new Set<string>();
    for (const block of openSegment(sealed, packed.bytes)) {
      for (let i = 0; i < block.count; i += 1) salts.add(Buffer.from(block.salt(i)).toString('hex'));
    }
    expect(salts.size).toBe(lines.length);
  });

  it('never seals two blocks with one nonce', () => {
    const nonces = Array.from({ length: 300 }, (_, i) =>
      Buffer.from(nonceOf(packed.noncePrefix, i, 300)).toString('hex'),
    );
    expect(new Set(nonces).size).toBe(300);
    expect(nonces.map((nonce) => nonce.slice(-2)).lastIndexOf('00')).toBe(298);
    expect(nonces[299]?.slice(-2)).toBe('01');
  });

  it('hands over buffers of their own memory, so they can be transferred to another thread', () => {
    const { bytes, noncePrefix, leaves, places } = packed;
    for (const part of [bytes, noncePrefix, leaves, places.block, places.position]) {
      expect(part.buffer.byteLength).toBe(part.byteLength);
    }
  });

  it('refuses no records, a record over 4 MiB, and more than 8 MiB sealed', () => {
    const pack = (from: Uint8Array[]): PackedSegment => packSegment({ ...place, key }, from);
    expect(() => pack([])).toThrow(RangeError);
    expect(() => pack([new Uint8Array(MAX_LINE_BYTES + 1)])).toThrow(SegmentTooLarge);
    const noise = randomBytes(MAX_LINE_BYTES);
    expect(() => pack([noise, noise])).toThrow(SegmentTooLarge);
  });

  it.each([2, 40, 200, 65_536])('always fits when the shares of its lines do: %d random bytes each', (length) => {
    const count = Math.floor((MAX_SEGMENT_BYTES - 52) / segmentShareOf(length));
    const noise = randomBytes(length);
    const full = packSegment({ ...place, key }, new Array<Uint8Array>(Math.min(count, 100_000)).fill(noise));
    expect(full.bytes.length).toBeLessThanOrEqual(52 + full.records * segmentShareOf(length));
  });

  it('refuses a record that is not there', () => {
    const block = openBlock(sealed, 0, blockBytes(packed, 0));
    for (const index of [-1, block.count, 0.5]) expect(() => block.line(index)).toThrow(RangeError);
    for (const index of [-1, block.count]) expect(() => block.salt(index)).toThrow(RangeError);
  });
});

describe('invariant 5: a sealed block opens only in its own place', () => {
  const corrupt = (work: () => unknown, part: string): void => {
    expect(work).toThrow(SegmentCorrupt);
    expect(work).toThrow(`Segment segment-1 does not open: ${part}`);
  };

  it('a wrong key', () => {
    corrupt(() => openBlock({ ...sealed, key: newKey() }, 0, blockBytes(packed, 0)), 'block 0');
    corrupt(() => [...openSegment({ ...sealed, key: newKey() }, packed.bytes)], 'the header');
  });

  it.each(['tenantId', 'datasetId'] as const)('another %s', (part) => {
    corrupt(() => openBlock({ ...sealed, [part]: 'other' }, 1, blockBytes(packed, 1)), 'block 1');
  });

  it('another segment, even one with the same key and nonce prefix', () => {
    const elsewhere = { ...sealed, segmentId: 'segment-2' };
    expect(() => openBlock(elsewhere, 1, blockBytes(packed, 1))).toThrow('Segment segment-2 does not open: block 1');
  });

  it('a tenant and dataset whose names join to the same text', () => {
    const joined = { ...sealed, tenantId: 'tenant-1d', datasetId: 'ataset-1' };
    corrupt(() => openBlock(joined, 0, blockBytes(packed, 0)), 'block 0');
  });

  it('a bit flipped anywhere in a small object', () => {
    const small = packSegment({ ...place, key }, [lineOf(1), lineOf(2)]);
    const whole = sealedOf(small, key);
    for (let at = 0; at < small.bytes.length; at += 1) {
      expect(() => [...openSegment(whole, flip(small.bytes, at, 1 << (at % 8)))]).toThrow(SegmentCorrupt);
    }
  });

  it('a bit flipped in a block', () => {
    const bytes = blockBytes(packed, 1);
    for (const at of [0, 100, bytes.length - 17, bytes.length - 16, bytes.length - 1]) {
      corrupt(() => openBlock(sealed, 1, flip(bytes, at)), 'block 1');
    }
  });

  it('blocks that changed places', () => {
    corrupt(() => openBlock(sealed, 0, blockBytes(packed, 1)), 'block 0');
    corrupt(() => openBlock(sealed, 1, blockBytes(packed, 0)), 'block 1');
  });

  it('a block of another segment in its place', () => {
    const other = packSegment({ ...place, segmentId: 'segment-2', key: newKey() }, lines);
    corrupt(() => openBlock(sealed, 0, blockBytes(other, 0)), 'block 0');
  });

  it('the same block of an earlier segment with the same key', () => {
    const earlier = packSegment({ ...place, key }, lines);
    corrupt(() => openBlock(sealed, 0, blockBytes(earlier, 0)), 'block 0');
  });

  it.each([0, 1, 15, 16, 100])('a block cut to %d bytes', (length) => {
    corrupt(() => openBlock(sealed, 0, blockBytes(packed, 0).subarray(0, length)), 'block 0');
  });

  it('a block with a shorter tag', () => {
    corrupt(() => openBlock(sealed, 0, blockBytes(packed, 0).subarray(0, -12)), 'block 0');
  });

  it('an object without its last block, its header made to fit', () => {
    const last = packed.blockOffsets.length - 2;
    const cut = { ...sealed, blockCount: last };
    corrupt(() => openBlock(cut, last - 1, blockBytes(packed, last - 1)), `block ${last - 1}`);
  });

  it('a block of a segment that has another number of blocks', () => {
    const longer = { ...sealed, blockCount: sealed.blockCount + 1 };
    corrupt(() => openBlock(longer, 0, blockBytes(packed, 0)), 'block 0');
  });

  it('an object cut, extended, or empty', () => {
    const longer = Buffer.concat([packed.bytes, Buffer.alloc(1)]);
    for (const object of [packed.bytes.subarray(0, -1), longer, packed.bytes.subarray(0, 60), new Uint8Array(0)]) {
      corrupt(() => [...openSegment(sealed, object)], 'the header');
    }
  });

  it.each([
    ['magic', 0],
    ['version', 4],
    ['suite', 5],
    ['block count', 11],
    ['nonce prefix', 13],
    ['reserved byte', 19],
    ['key commitment', 20],
    ['block length', 55],
  ])('a header with another %s', (_name, at) => {
    corrupt(() => [...openSegment(sealed, flip(packed.bytes, at))], 'the header');
  });

  it('a block that is not there', () => {
    corrupt(() => openBlock(sealed, -1, blockBytes(packed, 0)), 'block -1');
    corrupt(() => openBlock(sealed, sealed.blockCount, blockBytes(packed, 0)), `block ${sealed.blockCount}`);
  });

  it.each([
    ['shorter than a head', Buffer.alloc(7)],
    ['counting more records than it has', Buffer.from('00000000ffffffff', 'hex')],
    ['of another encoding', Buffer.concat([Buffer.from('0000000200000000', 'hex')])],
    ['with a body of another length', Buffer.concat([Buffer.from('0000000000000000', 'hex'), Buffer.from('x')])],
    ['with a body that is not zstd', Buffer.concat([Buffer.from('0000000100000000', 'hex'), Buffer.from('nonsense')])],
  ])('a sealed block %s', (_name, plain) => {
    const one = { ...sealed, blockCount: 1 };
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(one.noncePrefix, 0, 1), { authTagLength: 16 });
    cipher.setAAD(additionalDataOf(one, 1));
    const forged = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    corrupt(() => openBlock(one, 0, forged), 'block 0');
  });

  it('says nothing of the content in its error', () => {
    const marked = packSegment({ ...place, key }, [Buffer.from('CANARY-ann@example.org')]);
    const opening = (): unknown => openBlock(sealedOf(marked, key), 0, flip(blockBytes(marked, 0), 3));
    expect(opening).toThrow(SegmentCorrupt);
    expect(opening).not.toThrow(/CANARY/);
  });
});
