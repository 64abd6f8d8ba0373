/** Levenshtein's edit distance: the fewest insertions, deletions and replacements that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}

/** The known name that was most likely meant, or null when none is near: a far-fetched hint misleads more than none. */
export function nearestName(typed: string, known: Iterable<string>): string | null {
  const wanted = bare(typed);
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(wanted, bare(name));
    if (distance < least) [nearest, least] = [name, distance];
  }
  return nearest;
}

/** Single and double underscores are the commonest slip, so they do not count; the prefix all names have does not either. */
function bare(name: string): string {
  return name
    .toUpperCase()
    .replace(/^VAULT_+/, '')
    .replaceAll(/_+/g, '_');
}
