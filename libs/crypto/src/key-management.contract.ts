import { KeyMismatch, KeyUnavailable } from './key.errors.ts';
import type { KeyManagement } from './key-management.ts';
import { newKey } from './key-material.ts';

/** What every key management promises. `make` gives one with a root key. */
export function keyManagementContract(name: string, make: () => Promise<KeyManagement>): void {
  describe(`${name} keeps the promise of KeyManagement`, () => {
    const context = { use: 'contract', tenant: 't1' };
    let kms: KeyManagement;
    beforeAll(async () => {
      kms = await make();
    });

    it('unwraps what it wrapped', async () => {
      const key = newKey();
      const wrapped = await kms.wrap(key, context);
      expect(wrapped.keyId).toBe(kms.currentKeyId());
      expect(await kms.unwrap(wrapped, context)).toEqual(key);
    });

    it('names its current key first', () => {
      expect(kms.keyIds()[0]).toBe(kms.currentKeyId());
    });

    it('gives a key of the caller own, whose erasure changes nothing', async () => {
      const key = newKey();
      const wrapped = await kms.wrap(key, context);
      (await kms.unwrap(wrapped, context)).fill(0);
      expect(await kms.unwrap(wrapped, context)).toEqual(key);
    });

    it('invariant 5: refuses another context and an altered key', async () => {
      const wrapped = await kms.wrap(newKey(), context);
      await expect(kms.unwrap(wrapped, { ...context, tenant: 't2' })).rejects.toThrow(KeyMismatch);
      const altered = { ...wrapped, wrapped: wrapped.wrapped.map((byte) => byte ^ 1) };
      await expect(kms.unwrap(altered, context)).rejects.toThrow(KeyMismatch);
    });

    it('names a root key that is not here', async () => {
      const wrapped = await kms.wrap(newKey(), context);
      const missing = kms.unwrap({ ...wrapped, keyId: 'rk_0000000000000000' }, context);
      await expect(missing).rejects.toThrow(KeyUnavailable);
      await expect(missing).rejects.toThrow('rk_0000000000000000');
    });

    it('answers a ping', async () => {
      await expect(kms.ping()).resolves.toBeUndefined();
    });
  });
}
