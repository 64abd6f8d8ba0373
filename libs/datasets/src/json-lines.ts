/** Lines as one piece, each with its newline. */
export function joined(lines: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.allocUnsafe(lines.reduce((sum, line) => sum + line.length + 1, 0));
  let at = 0;
  for (const line of lines) {
    bytes.set(line, at);
    at += line.length;
    bytes[at++] = 0x0a;
  }
  return bytes;
}

/** The texts of lines that were joined. */
export function textsIn(lines: Uint8Array): string[] {
  const texts = Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString('utf8').split('\n');
  // Behind the last newline is nothing.
  texts.pop();
  return texts;
}
