import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file that ships beside the program; bundles lie two folders below the repository, sources three, compiled files four. */
export function repositoryFile(path: string): string {
  const root = ['../../', '../../../', '../../../../'].find((up) =>
    existsSync(new URL(`${up}package.json`, import.meta.url)),
  );
  return fileURLToPath(new URL(`${root ?? '../../../'}${path}`, import.meta.url));
}

export const { version } = JSON.parse(readFileSync(repositoryFile('package.json'), 'utf8')) as { version: string };
