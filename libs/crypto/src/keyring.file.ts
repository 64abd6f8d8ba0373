import { type FileHandle, link, mkdir, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyringBusy, KeyringExposed, KeyringMalformed } from './key.errors.ts';
import { KEY_BYTES, newKey, randomToken } from './key-material.ts';
import { keyIdOf, Keyring } from './keyring.ts';

interface KeyringFile {
  format: 'llm-data-vault keyring 1';
  /** Current first. `id` is there for people; it is checked against the key. */
  keys: { id: string; key: string }[];
}

/**
 * The keyring at `path`, or null when there is none.
 *
 * @throws KeyringExposed, KeyringMalformed
 */
export async function loadKeyring(path: string): Promise<Keyring | null> {
  const keys = await read(path);
  return keys && new Keyring(keys);
}

/**
 * Reads the keyring at `path`; makes one with a new key when there is none. Two processes that start at once end with
 * the same one: the file appears complete or not at all, and never replaces another.
 *
 * @throws KeyringExposed when group or others may read the file
 * @throws KeyringMalformed when it is torn or altered
 */
export async function loadOrCreateKeyring(path: string): Promise<{ keyring: Keyring; created: boolean }> {
  const found = await read(path);
  if (found) return { keyring: new Keyring(found), created: false };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomToken(8)}.new`;
  await write(await open(temporary, 'wx', 0o600), [newKey()]);
  let created = true;
  try {
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    created = false;
  } finally {
    await unlink(temporary);
  }
  await syncFolder(path);
  const keys = await read(path);
  if (!keys) throw new KeyringMalformed(path);
  return { keyring: new Keyring(keys), created };
}

/**
 * Puts a new key first and keeps the old ones, which go on opening what they sealed.
 *
 * @throws KeyringBusy while another rotation is under way: the later one would drop the key of the earlier one
 * @throws KeyringExposed, KeyringMalformed
 */
export async function rotateKeyring(path: string): Promise<Keyring> {
  const next = `${path}.next`;
  const handle = await open(next, 'wx', 0o600).catch((error: unknown) => {
    throw hasCode(error, 'EEXIST') ? new KeyringBusy(next) : error;
  });
  try {
    const keys = await read(path);
    if (!keys) throw new KeyringMalformed(path);
    const longer = [newKey(), ...keys];
    await write(handle, longer);
    await rename(next, path);
    await syncFolder(path);
    return new Keyring(longer);
  } catch (error) {
    await handle.close();
    await rm(next, { force: true });
    throw error;
  }
}

async function read(path: string): Promise<Uint8Array[] | null> {
  let text: string;
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw new KeyringExposed(path);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  const keys = parse(text);
  if (!keys) throw new KeyringMalformed(path);
  return keys;
}

function parse(text: string): Uint8Array[] | null {
  let file: Partial<KeyringFile> | null;
  try {
    file = JSON.parse(text) as Partial<KeyringFile> | null;
  } catch {
    return null;
  }
  if (file?.format !== 'llm-data-vault keyring 1' || !Array.isArray(file.keys) || file.keys.length === 0) return null;
  const keys: Uint8Array[] = [];
  for (const entry of file.keys) {
    if (typeof entry?.key !== 'string') return null;
    const key = new Uint8Array(Buffer.from(entry.key, 'base64'));
    if (key.length !== KEY_BYTES || keyIdOf(key) !== entry.id) return null;
    keys.push(key);
  }
  return new Set(keys.map(keyIdOf)).size === keys.length ? keys : null;
}

/** Writes the whole file and waits for the disk, before anybody can find it under its real name. */
async function write(handle: FileHandle, keys: readonly Uint8Array[]): Promise<void> {
  const file: KeyringFile = {
    format: 'llm-data-vault keyring 1',
    keys: keys.map((key) => ({ id: keyIdOf(key), key: Buffer.from(key).toString('base64') })),
  };
  try {
    await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
