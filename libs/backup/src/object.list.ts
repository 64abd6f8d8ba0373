/** An object that a backup names, with the hash of its bytes as they are stored: sealed. */
export interface ListedObject {
  id: string;
  bytes: number;
  sha256: string;
}

const AT_ONCE = 10_000;

/** As lines of text, some thousand at a time. */
export function* objectLines(objects: readonly ListedObject[]): Generator<Buffer> {
  for (let at = 0; at < objects.length; at += AT_ONCE) {
    const lines = objects.slice(at, at + AT_ONCE).map(({ id, bytes, sha256 }) => `${id} ${bytes} ${sha256}\n`);
    yield Buffer.from(lines.join(''));
  }
}

export function objectsIn(lines: Uint8Array): ListedObject[] {
  return Buffer.from(lines)
    .toString('latin1')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [id, bytes, sha256] = line.split(' ');
      return { id: id!, bytes: Number(bytes), sha256: sha256! };
    });
}
