import { existsSync, readFileSync } from 'node:fs';

/** The sources lie three folders below the repository, the built files four. */
const file = ['../../../package.json', '../../../../package.json']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));

export const { version } = JSON.parse(readFileSync(file!, 'utf8')) as { version: string };
