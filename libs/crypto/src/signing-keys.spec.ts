import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { LocalKeyManagement } from './adapters/local.key-management.ts';
import { MemorySigningKeyStore } from './adapters/memory.signing-key.store.ts';
import { keyringFromMasterKey } from './keyring.ts';
import { SigningKeys } from './signing-keys.ts';

const root = (): string => randomBytes(32).toString('hex');
const kmsOf = (...keys: string[]): LocalKeyManagement => new LocalKeyManagement(keyringFromMasterKey(keys.join(',')));
const bytes = Buffer.from('what is signed');

function isSigned(publicKey: Uint8Array, signature: string, over: Uint8Array = bytes): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  return verify(null, over, key, Buffer.from(signature, 'hex'));
}

describe('signing keys', () => {
  it('sign what their public half verifies, and nothing else', async () => {
    const signer = await new SigningKeys(kmsOf(root()), new MemorySigningKeyStore()).current();
    expect(isSigned(signer.publicKey, signer.sign(bytes))).toBe(true);
    expect(isSigned(signer.publicKey, signer.sign(bytes), Buffer.from('other'))).toBe(false);
  });

  it('are made once, whoever comes first', async () => {
    const store = new MemorySigningKeyStore();
    const kms = kmsOf(root());
    const all = await Promise.all([1, 2, 3].map(() => new SigningKeys(kms, store).current()));
    expect(new Set(all.map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))).size).toBe(1);
    expect(await new SigningKeys(kms, store).publicKeys()).toEqual([all[0]!.publicKey]);
  });

  it('are kept under the root key only', async () => {
    const store = new MemorySigningKeyStore();
    await new SigningKeys(kmsOf(root()), store).current();
    await expect(new SigningKeys(kmsOf(root()), store).current()).rejects.toMatchObject({ code: 'key-unavailable' });
    const [row] = await store.list();
    await store.insert({ ...row!, number: 2 });
    const other = new SigningKeys(kmsOf(root()), store);
    await expect(other.current()).rejects.toMatchObject({ code: 'key-unavailable' });
  });

  it('do not open in the place of another', async () => {
    const store = new MemorySigningKeyStore();
    const keys = new SigningKeys(kmsOf(root()), store);
    await keys.current();
    const [row] = await store.list();
    await store.insert({ ...row!, number: 2 });
    await expect(keys.current()).rejects.toMatchObject({ code: 'key-mismatch' });
  });

  it('stay the same when the root key is rotated, and outlive the old one', async () => {
    const store = new MemorySigningKeyStore();
    const [first, second] = [root(), root()];
    const before = await new SigningKeys(kmsOf(first), store).current();
    const rotated = new SigningKeys(kmsOf(second, first), store);
    expect([await rotated.rewrap(), await rotated.rewrap()]).toEqual([1, 0]);
    const after = await new SigningKeys(kmsOf(second), store).current();
    expect(after.publicKey).toEqual(before.publicKey);
    expect(isSigned(before.publicKey, after.sign(bytes))).toBe(true);
    expect(await rotated.publicKeys()).toHaveLength(1);
  });
});
