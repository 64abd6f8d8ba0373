/** The oldest release of Node with all that is used: zstd, SQLite, and TypeScript for tools. */
const OLDEST = [22, 15] as const;

/** What to say where the program was started by a Node that is too old for it; null where it is not. */
export function tooOldNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `Node ${OLDEST.join('.')} or newer is needed, and this is ${version}. npm start and npx bring one along: npx vault-server …, npx ldv …`;
}
