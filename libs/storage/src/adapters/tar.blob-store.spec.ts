import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreContract } from '../blob-store.contract.ts';
import { ArchiveNotReadable, TarArchive } from './tar.archive.ts';
import { TarBlobStore } from './tar.blob-store.ts';

const root = mkdtempSync(join(tmpdir(), 'vault-tar-'));
let files = 0;
const newFile = (): string => join(root, `${(files += 1)}.tar`);
afterAll(() => rmSync(root, { recursive: true }));

blobStoreContract('TarBlobStore', async () => new TarBlobStore(new TarArchive(newFile())));

describe('a tar archive', () => {
  const bytes = randomBytes(1000);

  it('is one that tar reads, also with two stores in it', async () => {
    const file = newFile();
    const archive = new TarArchive(file);
    await new TarBlobStore(archive).put('first', bytes);
    await new TarBlobStore(archive, 'objects/').put('second', bytes);
    expect(execFileSync('tar', ['-tf', file], { encoding: 'utf8' })).toBe('first\nobjects/second\n');
    expect(execFileSync('tar', ['-xOf', file, 'objects/second'])).toEqual(bytes);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('goes on after its last whole entry when a crash cut the one that followed', async () => {
    const file = newFile();
    const before = new TarBlobStore(new TarArchive(file));
    await before.put('whole', bytes);
    await before.put('cut', bytes);
    truncateSync(file, statSync(file).size - 1024 - 512);
    const after = new TarBlobStore(new TarArchive(file));
    await expect(after.get('cut')).rejects.toMatchObject({ code: 'blob-not-found' });
    await after.put('later', bytes);
    const again = new TarBlobStore(new TarArchive(file));
    expect(Buffer.from(await again.get('whole'))).toEqual(bytes);
    expect(Buffer.from(await again.get('later'))).toEqual(bytes);
  });

  it('refuses to write beside another program, and to a file of another kind', async () => {
    const file = newFile();
    const store = new TarBlobStore(new TarArchive(file));
    await store.put('mine', bytes);
    appendFileSync(file, 'x');
    await expect(store.put('next', bytes)).rejects.toThrow(ArchiveNotReadable);
    const other = newFile();
    writeFileSync(other, 'no archive');
    await expect(new TarBlobStore(new TarArchive(other)).put('key', bytes)).rejects.toThrow(ArchiveNotReadable);
    expect(readFileSync(other, 'utf8')).toBe('no archive');
  });
});
