import { createHash } from 'node:crypto';
import { leafOf } from './commitment.ts';
import { MerkleTree } from './merkle-tree.ts';

const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const hashOf = (data: Buffer): Buffer => sha256(Buffer.of(0), data);

/** RFC 6962 section 2.1 word for word: split at the largest power of two below n. */
function definition(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (!first) return sha256();
  if (leaves.length === 1) return first;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), definition(leaves.slice(0, k)), definition(leaves.slice(k)));
}

describe('the Merkle tree', () => {
  // Entries and roots that the test suites of Certificate Transparency logs share.
  const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  it.each(roots.map((root, size) => [size, root] as const))('of %d known entries has the known root', (size, root) => {
    const tree = new MerkleTree();
    for (const entry of entries.slice(0, size)) tree.append(hashOf(Buffer.from(entry, 'hex')));
    expect(Buffer.from(tree.root()).toString('hex')).toBe(root);
  });

  it('agrees with the definition at every size up to 130, also when asked in between', () => {
    const tree = new MerkleTree();
    const leaves: Buffer[] = [];
    for (let i = 0; i < 130; i += 1) {
      leaves.push(hashOf(Buffer.of(i)));
      tree.append(leaves[i]!);
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(definition(leaves)));
    }
    expect(tree.size).toBe(130);
  });

  it('takes leaves one by one or end to end', () => {
    const leaves = Array.from({ length: 37 }, (_, i) => hashOf(Buffer.of(i)));
    const [single, many] = [new MerkleTree(), new MerkleTree()];
    leaves.forEach((leaf) => single.append(leaf));
    many.appendMany(Buffer.concat(leaves.slice(0, 20)));
    many.appendMany(Buffer.concat(leaves.slice(20)));
    expect(many.root()).toEqual(single.root());
  });

  it('keeps what it was given, whatever becomes of the buffer', () => {
    const leaf = hashOf(Buffer.of(1));
    const tree = new MerkleTree();
    tree.append(leaf);
    const before = tree.root();
    leaf.fill(0);
    tree.root().fill(0);
    expect(tree.root()).toEqual(before);
  });

  it('refuses what is not a leaf', () => {
    expect(() => new MerkleTree().append(new Uint8Array(31))).toThrow(RangeError);
    expect(() => new MerkleTree().appendMany(new Uint8Array(33))).toThrow(RangeError);
  });
});

describe('a leaf', () => {
  it('is the hash of 0x00, salt and content', () => {
    const [salt, content] = [Buffer.alloc(32, 7), Buffer.from('{"a":1}')];
    expect(Buffer.from(leafOf(salt, content))).toEqual(sha256(Buffer.of(0), salt, content));
  });

  it('differs for the same content under another salt', () => {
    const content = Buffer.from('{"a":1}');
    expect(leafOf(Buffer.alloc(32, 1), content)).not.toEqual(leafOf(Buffer.alloc(32, 2), content));
  });
});
