import { open as openFile } from 'node:fs/promises';

const LOOKED_AT = 8192;

/** Whether a file looks like text: no NUL among its first bytes. What is packed is judged by its name alone. */
export async function isText(path: string): Promise<boolean> {
  if (path === '-' || /\.(gz|zst)$/.test(path)) return true;
  const file = await openFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0);
    return !buffer.subarray(0, bytesRead).includes(0);
  } finally {
    await file.close();
  }
}
