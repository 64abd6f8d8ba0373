import { LocalKeyManagement } from './adapters/local.key-management.ts';
import { KeyMismatch, WrongRootKey } from './key.errors.ts';
import { newKey } from './key-material.ts';
import { Keyring } from './keyring.ts';
import { checkKnownAnswer, makeKnownAnswer } from './known-answer.ts';

describe('the known answer', () => {
  const key = newKey();
  const kms = new LocalKeyManagement(new Keyring([key]));

  it('lets the right root key in, also when it is no longer current', async () => {
    const stored = await makeKnownAnswer(kms);
    await expect(checkKnownAnswer(kms, stored)).resolves.toBeUndefined();
    const rotated = new LocalKeyManagement(new Keyring([newKey(), key]));
    await expect(checkKnownAnswer(rotated, stored)).resolves.toBeUndefined();
  });

  it('names the expected and the present keys to a wrong one', async () => {
    const wrong = new LocalKeyManagement(new Keyring([newKey(), newKey()]));
    const refusal = checkKnownAnswer(wrong, await makeKnownAnswer(kms));
    await expect(refusal).rejects.toThrow(WrongRootKey);
    await expect(refusal).rejects.toThrow(kms.currentKeyId());
    for (const id of wrong.keyIds()) await expect(refusal).rejects.toThrow(id);
  });

  it('refuses an altered or torn answer', async () => {
    const stored = await makeKnownAnswer(kms);
    const altered = Uint8Array.from(stored, (byte, i) => (i === stored.length - 1 ? byte ^ 1 : byte));
    await expect(checkKnownAnswer(kms, altered)).rejects.toThrow(KeyMismatch);
    await expect(checkKnownAnswer(kms, stored.subarray(0, 60))).rejects.toThrow(KeyMismatch);
    await expect(checkKnownAnswer(kms, new Uint8Array(0))).rejects.toThrow(WrongRootKey);
  });
});
