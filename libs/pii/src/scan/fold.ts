/** The small letter of each letter up to the Greek extensions, so that words are compared without regard to case. */
export const FOLD: Uint16Array = folded();

function folded(): Uint16Array {
  const table = new Uint16Array(0x2000);
  for (let code = 0; code < table.length; code += 1) {
    const lower = String.fromCharCode(code).toLowerCase();
    table[code] = lower.length === 1 ? lower.charCodeAt(0) : code;
  }
  return table;
}
