const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** An entry of an archive, as its header names it. */
export interface TarEntry {
  /** With its folder: `objects/KEY`. */
  name: string;
  size: number;
  modified: Date;
}

/** `size` rounded up to whole blocks of 512 bytes, as entries lie in an archive. */
export const inBlocks = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;
export const HEADER_BYTES = BLOCK;
/** Two empty blocks end an archive. */
export const END_BYTES = 2 * BLOCK;

/**
 * The header of a regular file, in the ustar format of POSIX.1-1988, section 10.1.1.
 *
 * @throws RangeError for a name that ustar has no room for
 */
export function tarHeader({ name, size, modified }: TarEntry): Uint8Array {
  const cut = name.lastIndexOf('/');
  const [folder, file] = [name.slice(0, Math.max(cut, 0)), name.slice(cut + 1)];
  if (file.length > NAME_BYTES || folder.length > PREFIX_BYTES)
    throw new RangeError('a name in an archive is at most 100 characters');
  const header = Buffer.alloc(BLOCK);
  header.write(file, 0, 'latin1');
  header.write(octal(0o600, 8), 100, 'latin1');
  header.write(octal(0, 8), 108, 'latin1');
  header.write(octal(0, 8), 116, 'latin1');
  header.write(octal(size, 12), 124, 'latin1');
  header.write(octal(Math.floor(modified.getTime() / 1000), 12), 136, 'latin1');
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(folder, 345, 'latin1');
  header.write(`${octal(checksumOf(header), 7)} `, 148, 'latin1');
  return header;
}

/** What a header names, or null when the block is none. */
export function readTarHeader(block: Uint8Array): TarEntry | null {
  const header = Buffer.from(block.buffer, block.byteOffset, block.length);
  const isHeader = header.length === BLOCK && header.toString('latin1', 257, 262) === 'ustar';
  if (!isHeader || Number.parseInt(text(header, 148, 8), 8) !== checksumOf(header)) return null;
  const [folder, file] = [text(header, 345, PREFIX_BYTES), text(header, 0, NAME_BYTES)];
  const seconds = Number.parseInt(text(header, 136, 12), 8);
  return {
    name: folder ? `${folder}/${file}` : file,
    size: Number.parseInt(text(header, 124, 12), 8),
    modified: new Date(seconds * 1000),
  };
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

/** The sum of all bytes, with those of the checksum itself taken as spaces. */
function checksumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}

function text(header: Buffer, at: number, length: number): string {
  const [first = ''] = header.toString('latin1', at, at + length).split('\0');
  return first.trim();
}
