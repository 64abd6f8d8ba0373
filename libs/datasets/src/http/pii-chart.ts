/** As much of a comparison as is drawn. */
export interface PiiDrift {
  from: { commit_id: string; risk_level: string };
  to: { commit_id: string; risk_level: string };
  types: { type: string; from: number; to: number; change: string }[];
}

const WIDTH = 720;
const BARS_AT = 220;
const LONGEST = 400;
const ROW = 44;
const HEAD = 64;
const MOST_ROWS = 40;
/** Told apart also by who sees no colours: one light, one dark. */
const [BEFORE, AFTER, INK] = ['#9db4c0', '#253237', '#1b1b1b'];

/** How often each type of personal data was found before and after, as bars; those that changed most come first. */
export function piiChart({ from, to, types }: PiiDrift): string {
  const changed = types.toSorted(
    (a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from) || (a.type < b.type ? -1 : 1),
  );
  const drawn = changed.slice(0, MOST_ROWS);
  const highest = Math.max(1, ...drawn.flatMap((each) => [each.from, each.to]));
  const height = HEAD + ROW * drawn.length + 24;
  const rest = changed.length - drawn.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"` +
      ' role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="13">',
    `<title id="title">Personal data from ${escaped(from.commit_id)} to ${escaped(to.commit_id)}</title>`,
    `<desc id="desc">${escaped(told(changed, from.risk_level, to.risk_level))}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    words(16, 24, `Highest risk: ${from.risk_level} before, ${to.risk_level} after`),
    `<rect x="16" y="36" width="12" height="12" fill="${BEFORE}"/>${words(34, 47, 'before')}`,
    `<rect x="96" y="36" width="12" height="12" fill="${AFTER}"/>${words(114, 47, 'after')}`,
    ...drawn.map((each, i) => row(each, HEAD + ROW * i, highest)),
    words(
      16,
      height - 8,
      drawn.length === 0 ? 'Nothing was found in either' : rest > 0 ? `and ${rest} more types` : '',
    ),
    '</svg>\n',
  ].join('\n');
}

function row({ type, from, to, change }: PiiDrift['types'][number], y: number, highest: number): string {
  const bar = (count: number, at: number, fill: string): string => {
    const width = Math.round((LONGEST * count) / highest);
    return `<rect x="${BARS_AT}" y="${at}" width="${width}" height="14" fill="${fill}"/>${words(BARS_AT + width + 6, at + 12, String(count))}`;
  };
  return `${words(16, y + 20, `${type} (${change})`)}${bar(from, y, BEFORE)}${bar(to, y + 16, AFTER)}`;
}

function told(types: PiiDrift['types'], before: string, after: string): string {
  const each = types.map(({ type, from, to, change }) => `${type} ${from} to ${to} (${change})`);
  return `Highest risk ${before} before and ${after} after. ${each.join(', ') || 'Nothing was found in either'}.`;
}

function words(x: number, y: number, text: string): string {
  return `<text x="${x}" y="${y}" fill="${INK}">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
