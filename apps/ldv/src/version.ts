import { existsSync, readFileSync } from 'node:fs';

/** Bundles lie two folders below the repository, sources three, compiled files four. */
const file = ['../../package.json', '../../../package.json', '../../../../package.json']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));

export const { version } = JSON.parse(readFileSync(file!, 'utf8')) as { version: string };
