const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32 = 1;
const BECH32M = 0x2bc830a3;

function step(sum: number, value: number): number {
  const top = sum >>> 25;
  let next = ((sum & 0x1ffffff) << 5) ^ value;
  for (let bit = 0; bit < 5; bit += 1) if ((top >>> bit) & 1) next ^= GENERATOR[bit] ?? 0;
  return next;
}

/** BIP 173 and BIP 350: the checksum over the prefix and the data of a segwit address. */
export function isBech32(address: string): boolean {
  const text = address.toLowerCase();
  if (text !== address && address.toUpperCase() !== address) return false;
  const border = text.lastIndexOf('1');
  let sum = 1;
  for (let i = 0; i < border; i += 1) sum = step(sum, text.charCodeAt(i) >> 5);
  sum = step(sum, 0);
  for (let i = 0; i < border; i += 1) sum = step(sum, text.charCodeAt(i) & 31);
  for (let i = border + 1; i < text.length; i += 1) {
    const value = ALPHABET.indexOf(text.charAt(i));
    if (value < 0) return false;
    sum = step(sum, value);
  }
  return sum === BECH32 || sum === BECH32M;
}
