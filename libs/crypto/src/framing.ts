/** What a key may be used for, as names and values. The same words must be said to open as were said to seal. */
export type KeyContext = Readonly<Record<string, string>>;

/**
 * Joins parts so that no two lists give the same bytes: each part is a 32-bit big-endian length and its bytes.
 * Without the lengths ("ab", "c") and ("a", "bc") would be one context, and a key of one place would open in another.
 */
export function frame(parts: readonly (string | Uint8Array)[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.length);
    pieces.push(length, bytes);
  }
  return Buffer.concat(pieces);
}

/** A context as bytes: names in code unit order, so the order of writing them down does not matter. */
export function frameContext(label: string, context: KeyContext): Buffer {
  const names = Object.keys(context).sort();
  return frame([label, ...names.flatMap((name) => [name, context[name] ?? ''])]);
}
