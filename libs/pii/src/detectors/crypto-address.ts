import { fromBase58, isBase58Check } from '../checks/base58.ts';
import { isBech32 } from '../checks/bech32.ts';
import { isEip55 } from '../checks/keccak.ts';
import type { CodeRule, Detector } from '../scan/dispatch.ts';

const BITCOIN = [0x00, 0x05, 0x6f, 0xc4];
const LITECOIN = [0x30, 0x32, 0x05];
const DOGECOIN = [0x1e, 0x16];
const TRON = [0x41];
const DASH = [0x4c, 0x10];
const RIPPLE = [0x00];
const SOLANA_BYTES = 32;
const ETHEREUM = /0x[0-9a-fA-F]{40}/y;

/** In one case there is no checksum (EIP-55). */
function isEthereum(value: string): boolean {
  return /^0x(?:[\da-f]+|[\dA-F]+)$/.test(value) || isEip55(value);
}

function lengths(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function base58(detector: string, first: string, versions: readonly number[], isRipple = false): CodeRule {
  return {
    type: 'CRYPTO_ADDRESS',
    detector,
    pattern: new RegExp(`${first}[1-9A-HJ-NP-Za-km-z]{24,33}(?![A-Za-z0-9])`, 'y'),
    firstLengths: lengths(26, 35),
    check: (value) => isBase58Check(value, versions, isRipple),
    context: ['crypto'],
    alone: 0.97,
    inContext: 0.99,
  };
}

function byForm(detector: string, pattern: RegExp, from: number, to: number, alone: number): CodeRule {
  return {
    type: 'CRYPTO_ADDRESS',
    detector,
    pattern,
    firstLengths: lengths(from, to),
    context: ['crypto'],
    alone,
    inContext: 0.93,
  };
}

export const cryptoAddress: Detector = {
  name: 'crypto-address',
  types: ['CRYPTO_ADDRESS'],
  codes: [
    base58('bitcoin', '[13mn2]', BITCOIN),
    base58('litecoin', '[LM3]', LITECOIN),
    base58('dogecoin', '[DA9]', DOGECOIN),
    base58('tron', 'T', TRON),
    base58('dash', '[X7]', DASH),
    base58('ripple', 'r', RIPPLE, true),
    {
      type: 'CRYPTO_ADDRESS',
      detector: 'segwit',
      pattern: /(?:bc|tb|ltc|BC|TB|LTC)1[a-zA-Z0-9]{25,87}/y,
      firstLengths: lengths(28, 91),
      check: isBech32,
      context: ['crypto'],
      alone: 0.98,
      inContext: 0.99,
    },
    { ...byForm('ethereum', ETHEREUM, 42, 42, 0.9), check: isEthereum, inContext: 0.97 },
    // What is written in both cases and fails its checksum is an address only where it is called one.
    { ...byForm('ethereum-unchecked', ETHEREUM, 42, 42, 0), inContext: 0.6 },
    byForm('monero', /[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}/y, 95, 95, 0.9),
    byForm('cardano', /addr1[a-z0-9]{50,100}/y, 55, 108, 0.9),
    {
      ...byForm(
        'solana',
        /(?=[1-9A-HJ-NP-Za-km-z]{0,40}\d)(?=[1-9a-km-z]{0,40}[A-HJ-NP-Z])(?=[1-9A-HJ-NP-Za-f]{0,40}[g-km-z])[1-9A-HJ-NP-Za-km-z]{32,44}/y,
        32,
        44,
        0,
      ),
      check: (value) => fromBase58(value)?.length === SOLANA_BYTES,
      inContext: 0.85,
    },
  ],
};
