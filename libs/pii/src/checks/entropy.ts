const counts = new Uint16Array(128);

/** Bits of surprise a character, by how often each one occurs (Shannon). */
export function entropy(text: string): number {
  counts.fill(0);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i) & 127;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (let code = 0; code < counts.length; code += 1) {
    const count = counts[code] ?? 0;
    if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
  }
  return bits;
}

const PLACEHOLDER =
  /^(?:[*x.•#_-]+|<.*>|\$?\{.*\}|\$\(.*\)|%.*%|\[.*\]|null|none|nil|undefined|true|false|string|str|bool|boolean|text|required|optional|empty|redacted|hidden|masked|secret|(?:\w*_)?(?:password|passwd|passphrase|pwd|pass)|token|changeme\W*|your.*|my[_-]?(?:secret|password|token|key)|example|todo|n\/a|unknown|test|default)$/i;

/** Stands for a secret without being one: `****`, `${TOKEN}`, `<your key>`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || /(.)\1{5}/.test(value) || /x{4}|\*{3}/i.test(value);
}
