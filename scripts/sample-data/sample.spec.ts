import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { isValidPhoneNumber } from 'libphonenumber-js/max';
import { githubChecksum, ibanCheckDigits, luhnDigit } from './checksums.ts';
import { KINDS, type PlantedType } from './planted.ts';
import { Random } from './random.ts';
import { type Expectations, writeSample } from './sample.ts';

interface Sample {
  bytes: Buffer;
  planted: string[];
  expected: Expectations;
}

function sample(size: number, seed: number): Sample {
  const chunks: Buffer[] = [];
  const planted: string[] = [];
  const expected = writeSample(
    size,
    seed,
    (bytes) => chunks.push(Buffer.from(bytes)),
    (line) => planted.push(line),
  );
  return { bytes: Buffer.concat(chunks), planted, expected };
}

const strict = new TextDecoder('utf-8', { fatal: true });
function isGood(line: Buffer): boolean {
  try {
    const { messages } = JSON.parse(strict.decode(line)) as { messages: { role: string; content: string }[] };
    return messages.every(({ role, content }) => /^(system|user|assistant)$/.test(role) && content.length > 0);
  } catch {
    return false;
  }
}

describe('a sample', () => {
  let made: Sample;
  let lines: Buffer[];
  beforeAll(() => {
    made = sample(25_000_000, 7);
    lines = [];
    for (let from = 0; from < made.bytes.length;) {
      const end = made.bytes.indexOf(10, from);
      lines.push(made.bytes.subarray(from, end));
      from = end + 1;
    }
  });

  it('is the same for the same seed, and another for another', () => {
    const digest = (seed: number): string => createHash('sha256').update(sample(200_000, seed).bytes).digest('hex');
    expect(digest(7)).toBe(digest(7));
    expect(digest(7)).not.toBe(digest(8));
  });

  it('has the size it was asked for, and the lines and bad lines it says', () => {
    const { expected, bytes } = made;
    expect(bytes.length).toBe(expected.bytes);
    expect(expected.bytes - 25_000_000).toBeLessThan(16_384);
    expect(lines.length).toBe(expected.lines);
    const bad = lines.flatMap((line, index) => (isGood(line) ? [] : [index + 1]));
    expect(bad).toEqual(expected.bad_lines);
    expect(expected).toMatchObject({ bad: bad.length, good: lines.length - bad.length });
    expect(bad.length).toBeGreaterThan(0);
  });

  it('has planted values in a tenth of its lines, all of them to be found in it', () => {
    const { expected, planted } = made;
    expect(expected.planted_lines / expected.lines).toBeCloseTo(0.1, 1);
    expect(planted.length).toBe(Object.values(expected.planted).reduce((sum, count) => sum + count));
    expect(Math.min(...Object.values(expected.planted))).toBeGreaterThan(0);
    const text = made.bytes.toString('latin1');
    expect(planted.slice(0, 500).filter((value) => !text.includes(value))).toEqual([]);
  });

  it('speaks several languages', () => {
    const languages = new Set(
      lines
        .slice(0, 2000)
        .filter(isGood)
        .map((line) => (JSON.parse(line.toString()) as { lang: string }).lang),
    );
    expect([...languages].sort()).toEqual(['de', 'en', 'es', 'fr', 'ja', 'pt']);
  });
});

describe('a planted value', () => {
  const sound: Record<PlantedType, (value: string) => boolean> = {
    EMAIL_ADDRESS: (value) => /^[a-z]+[a-z._+-]*[a-z]*\d+@([a-z-]+\.)+[a-z]{2,7}$/.test(value),
    PHONE_NUMBER: (value) => (['US', 'GB', 'FR'] as const).some((country) => isValidPhoneNumber(value, country)),
    CREDIT_CARD: (value) => {
      const digits = value.replaceAll(/\D/g, '');
      return (
        Array.from(digits)
          .reverse()
          .reduce((sum, digit, at) => sum + Number(at % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] : digit), 0) %
          10 ===
        0
      );
    },
    IBAN: (value) => {
      const compact = value.replaceAll(' ', '');
      const moved = compact.slice(4) + compact.slice(0, 4);
      return BigInt(moved.replaceAll(/[A-Z]/g, (letter) => String(parseInt(letter, 36)))) % 97n === 1n;
    },
    US_SSN: (value) => /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(value),
    IP_ADDRESS: (value) => isIPv4(value) || isIPv6(value),
    API_KEY: (value) =>
      /^(AKIA[A-Z2-7]{16}|ghp_\w{36}|xoxb-\d{12}-\d{13}-\w{24}|sk_live_\w{24}|sk-\w{20}T3BlbkFJ\w{20})$/.test(value),
    JWT: (value) => 'sub' in (JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString()) as object),
    PRIVATE_KEY: (value) => /^-----BEGIN PRIVATE KEY-----\n(.{64}\n){2}.{56}\n-----END PRIVATE KEY-----$/.test(value),
  };

  it.each(Object.keys(sound) as PlantedType[])('of type %s is valid', (type) => {
    const random = new Random(3);
    const values = Array.from({ length: 500 }, () => KINDS[type].make(random));
    expect(values.filter((value) => !sound[type](value))).toEqual([]);
    expect(new Set(values).size).toBeGreaterThan(400);
  });
});

describe('a checksum', () => {
  it('of a card, an account and a token is the published one', () => {
    expect(luhnDigit('7992739871')).toBe('3');
    expect(ibanCheckDigits('GB', 'WEST12345698765432')).toBe('82');
    expect(githubChecksum('zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ')).toBe('0mLq17');
  });
});
