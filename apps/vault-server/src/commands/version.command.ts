import { version } from '../version.ts';

/** Prints what this program is. */
export function showVersion({ json }: { json: boolean }): number {
  const facts = { version, node: process.version, platform: `${process.platform}-${process.arch}` };
  console.log(json ? JSON.stringify(facts) : `vault-server ${version} (Node ${process.version}, ${facts.platform})`);
  return 0;
}
