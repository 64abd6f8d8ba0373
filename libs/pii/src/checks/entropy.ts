const counts = new Uint16Array(128);
/** `n log2 n` of the counts that texts of a usual length have. */
const weights = Float64Array.from({ length: 1024 }, (_, n) => weightOf(n));

function weightOf(n: number): number {
  return n > 0 ? n * Math.log2(n) : 0;
}

/** Bits of surprise a character, by how often each one occurs (Shannon): log2 n less the mean of `c log2 c`. */
export function entropy(text: string): number {
  const { length } = text;
  if (length === 0) return 0;
  counts.fill(0);
  let sum = 0;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i) & 127;
    const count = counts[code] ?? 0;
    counts[code] = count + 1;
    sum += (weights[count + 1] ?? weightOf(count + 1)) - (weights[count] ?? weightOf(count));
  }
  return Math.log2(length) - sum / length;
}

const PLACEHOLDER =
  /^(?:[*x.•#_-]+|<.*>|\$?\{.*\}|\$\(.*\)|%.*%|\[.*\]|null|none|nil|undefined|true|false|string|str|bool|boolean|text|required|optional|empty|redacted|hidden|masked|secret|(?:\w*_)?(?:password|passwd|passphrase|pwd|pass)|token|changeme\W*|your.*|my[_-]?(?:secret|password|token|key)|example|todo|n\/a|unknown|test|default)$/i;

/** Stands for a secret without being one: `****`, `${TOKEN}`, `<your key>`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || /(.)\1{5}/.test(value) || /x{4}|\*{3}/i.test(value);
}
