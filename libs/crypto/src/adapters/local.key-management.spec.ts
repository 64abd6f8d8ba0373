import { keyManagementContract } from '../key-management.contract.ts';
import { newKey } from '../key-material.ts';
import { Keyring } from '../keyring.ts';
import { LocalKeyManagement } from './local.key-management.ts';

keyManagementContract('LocalKeyManagement', async () => new LocalKeyManagement(new Keyring([newKey()])));

describe('LocalKeyManagement', () => {
  it('opens with an older key what that one sealed, and wraps with the first', async () => {
    const [older, newer] = [newKey(), newKey()];
    const before = new LocalKeyManagement(new Keyring([older]));
    const after = new LocalKeyManagement(new Keyring([newer, older]));
    const key = newKey();
    const wrapped = await before.wrap(key, {});
    expect(await after.unwrap(wrapped, {})).toEqual(key);
    expect((await after.wrap(key, {})).keyId).not.toBe(wrapped.keyId);
  });
});
