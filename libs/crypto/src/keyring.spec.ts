import { inspect } from 'node:util';
import { MasterKeyMalformed } from './key.errors.ts';
import { newKey } from './key-material.ts';
import { Keyring, keyIdOf, keyringFromMasterKey } from './keyring.ts';

const key = newKey();
const base64 = Buffer.from(key).toString('base64');

describe('a keyring', () => {
  it.each([
    ['base64', base64],
    ['base64 without padding', base64.slice(0, 43)],
    ['base64url', Buffer.from(key).toString('base64url')],
    ['hex', Buffer.from(key).toString('hex')],
    ['upper case hex with blanks around', ` ${Buffer.from(key).toString('hex').toUpperCase()}\n`],
  ])('reads a master key written as %s', (_name, text) => {
    expect(keyringFromMasterKey(text).find(keyIdOf(key))).toEqual(key);
  });

  it('takes several, the first being current', () => {
    const other = newKey();
    const ring = keyringFromMasterKey(`${Buffer.from(other).toString('hex')},${base64}`);
    expect(ring.ids).toEqual([keyIdOf(other), keyIdOf(key)]);
    expect(ring.currentId).toBe(keyIdOf(other));
  });

  it.each([
    ['nothing', '', 1],
    ['a short key', base64.slice(0, 20), 1],
    ['a password', 'correct horse battery staple correct horse!', 1],
    ['a placeholder', '0'.repeat(64), 1],
    ['a second one that is wrong', `${base64},nonsense`, 2],
    ['the same key twice', `${base64},${Buffer.from(key).toString('hex')}`, 2],
  ])('refuses %s, naming its position and not its text', (_name, text, position) => {
    expect(() => keyringFromMasterKey(text)).toThrow(MasterKeyMalformed);
    expect(() => keyringFromMasterKey(text)).toThrow(`Key ${position} of VAULT__ENCRYPTION__MASTER_KEY `);
    if (text) expect(messageOf(() => keyringFromMasterKey(text))).not.toContain(text);
  });

  it('names keys by what they are', () => {
    expect(keyIdOf(key)).toMatch(/^rk_[0-9a-f]{16}$/);
    expect(keyIdOf(key)).not.toBe(keyIdOf(newKey()));
  });

  it('holds at least one key, and each once', () => {
    expect(() => new Keyring([])).toThrow();
    expect(() => new Keyring([key, key])).toThrow();
  });

  it('does not show its keys to loggers', () => {
    const shown = inspect(new Keyring([key]), { depth: 9, showHidden: true }) + JSON.stringify(new Keyring([key]));
    expect(shown).not.toContain(Buffer.from(key).toString('hex', 0, 4));
    expect(shown).not.toContain(`${key[0]}, ${key[1]}, ${key[2]}`);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  return '';
}
