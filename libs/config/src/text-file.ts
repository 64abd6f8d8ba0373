import { readFileSync } from 'node:fs';

/** The text of a file, or the system's code for why there is none (`ENOENT`); never a message, which repeats the path. */
export function readTextFile(path: string): { text: string } | { failed: string } {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    return { failed: typeof code === 'string' ? code : 'unreadable' };
  }
}
