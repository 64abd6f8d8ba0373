// Keccak-256 as Ethereum has it: SHA-3 before its padding was changed, which node:crypto does not offer.
const LANES = 25;
const RATE = 136;
const ROUNDS = 24;
const MASK = (1n << 64n) - 1n;

function rotate(lane: bigint, by: number): bigint {
  const bits = BigInt(by % 64);
  return bits === 0n ? lane : ((lane << bits) | (lane >> (64n - bits))) & MASK;
}

/** The constants of the rounds: bits of a shift register (FIPS 202, algorithm 5). */
const CONSTANTS = constants();

function constants(): bigint[] {
  let register = 1;
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0; j < 7; j += 1) {
      if (register & 1) constant |= 1n << BigInt(2 ** j - 1);
      register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1;
    }
    return constant;
  });
}

function permute(state: bigint[]): void {
  const lane = (index: number): bigint => state[index] ?? 0n;
  for (const constant of CONSTANTS) {
    const column = Array.from(
      { length: 5 },
      (_, x) => lane(x) ^ lane(x + 5) ^ lane(x + 10) ^ lane(x + 15) ^ lane(x + 20),
    );
    for (let i = 0; i < LANES; i += 1) {
      state[i] = lane(i) ^ (column[(i + 4) % 5] ?? 0n) ^ rotate(column[(i + 1) % 5] ?? 0n, 1);
    }
    let [x, y] = [1, 0];
    let moved = lane(1);
    for (let t = 0; t < ROUNDS; t += 1) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const there = lane(x + 5 * y);
      state[x + 5 * y] = rotate(moved, ((t + 1) * (t + 2)) / 2);
      moved = there;
    }
    for (let row = 0; row < LANES; row += 5) {
      const old = state.slice(row, row + 5);
      for (let i = 0; i < 5; i += 1) {
        state[row + i] = (old[i] ?? 0n) ^ (~(old[(i + 1) % 5] ?? 0n) & MASK & (old[(i + 2) % 5] ?? 0n));
      }
    }
    state[0] = lane(0) ^ constant;
  }
}

/** Of one block at most, which is all that an address needs; in hexadecimal. */
export function keccak256(text: string): string {
  const block = Buffer.alloc(RATE);
  block.write(text, 'latin1');
  block[text.length] = 1;
  block[RATE - 1] = (block[RATE - 1] ?? 0) | 0x80;
  const state = Array.from({ length: LANES }, (_, i) => (i < RATE / 8 ? block.readBigUInt64LE(i * 8) : 0n));
  permute(state);
  const out = Buffer.alloc(32);
  for (let i = 0; i < 4; i += 1) out.writeBigUInt64LE(state[i] ?? 0n, i * 8);
  return out.toString('hex');
}

/** A letter of the address is a capital where the hash of the address in small letters has 8 or more (EIP-55). */
export function isEip55(address: string): boolean {
  const digits = address.slice(2);
  const sum = keccak256(digits.toLowerCase());
  return Array.from(digits).every((digit, i) => {
    const isHigh = parseInt(sum.charAt(i), 16) > 7;
    return digit === (isHigh ? digit.toUpperCase() : digit.toLowerCase());
  });
}
