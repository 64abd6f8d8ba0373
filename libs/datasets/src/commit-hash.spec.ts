import { createHash, randomBytes } from 'node:crypto';
import { MerkleTree } from '#crypto';
import { type CommitFacts, commitHash, emptyRoot } from './commit-hash.ts';

const facts: CommitFacts = {
  parentHashes: [Buffer.alloc(32, 1)],
  merkleRoot: Buffer.alloc(32, 2),
  authorId: '01900000-0000-7000-8000-000000000001',
  message: 'Import',
  publishedAt: new Date('2026-01-31T12:00:00.123Z'),
};

describe('the hash of a commit', () => {
  it('is SHA-256 over its parts with their lengths, as anyone can compute it again', () => {
    const framed = (part: Uint8Array): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return Buffer.concat([length, part]);
    };
    const parts = [facts.parentHashes[0]!, facts.merkleRoot, facts.authorId, facts.message, '2026-01-31T12:00:00.123Z'];
    const input = Buffer.concat([Buffer.from('vault/commit/v1'), ...parts.map((part) => framed(Buffer.from(part)))]);
    expect(commitHash(facts)).toEqual(createHash('sha256').update(input).digest());
  });

  it.each<[string, Partial<CommitFacts>]>([
    ['a parent', { parentHashes: [Buffer.alloc(32, 9)] }],
    ['no parent', { parentHashes: [] }],
    ['two parents', { parentHashes: [Buffer.alloc(32, 1), Buffer.alloc(32, 1)] }],
    ['the root', { merkleRoot: randomBytes(32) }],
    ['the author', { authorId: '01900000-0000-7000-8000-000000000002' }],
    ['the message', { message: 'Import ' }],
    ['the time', { publishedAt: new Date('2026-01-31T12:00:00.124Z') }],
    ['where one part ends', { authorId: `${facts.authorId}I`, message: 'mport' }],
  ])('is another with another: %s', (_, change) => {
    expect(commitHash({ ...facts, ...change })).not.toEqual(commitHash(facts));
  });

  it('of nothing stands on the root of a tree without leaves', () => {
    expect(emptyRoot()).toEqual(Buffer.from(new MerkleTree().root()));
  });
});
