import { defineError } from '#kernel';

/** The key itself is not here. What it sealed is intact: never a reason to delete or to report damage. */
export const KeyUnavailable = defineError(
  'key-unavailable',
  'unavailable',
  (keyId: string) => `The key ${keyId} is not available. Records sealed with it can be read again when it is back.`,
);

/** The wrapped key was altered, belongs to another place, or was wrapped by another key. */
export const KeyMismatch = defineError(
  'key-mismatch',
  'internal',
  (keyId: string) => `A key wrapped by ${keyId} does not open in its place.`,
);

export const WrongRootKey = defineError(
  'wrong-root-key',
  'internal',
  (expected: string, present: readonly string[]) => {
    const have = present.length === 0 ? 'none' : present.join(', ');
    return `The vault was sealed with root key ${expected}; present: ${have}. Nothing was touched.`;
  },
);

export const MasterKeyMalformed = defineError(
  'master-key-malformed',
  'invalid',
  (position: number) =>
    `Key ${position} of VAULT__ENCRYPTION__MASTER_KEY is not 32 random bytes written as base64 or hex, or is there twice.`,
);

export const KeyringMalformed = defineError(
  'keyring-malformed',
  'internal',
  (path: string) => `The keyring ${path} is not complete or was altered. Restore it from its backup.`,
);

export const KeyringExposed = defineError(
  'keyring-exposed',
  'internal',
  (path: string) => `The keyring ${path} can be read by other accounts of this machine. Run: chmod 600 ${path}`,
);

export const KeyringBusy = defineError(
  'keyring-busy',
  'conflict',
  (next: string) => `A rotation of the keyring is under way. If none runs, one was cut: remove ${next} and try again.`,
);
