import { readdir, stat } from 'node:fs/promises';
import { join, matchesGlob, relative, sep } from 'node:path';

/** Folders that hold what others wrote. */
const LEFT_OUT = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', '__pycache__']);

export interface Choice {
  /** Patterns such as `**\/*.jsonl`, against the path below what was named; all files when there are none. */
  include: readonly string[];
  exclude: readonly string[];
}

/** Every file below the paths, in order of their names; what is named itself always. Links are not followed. */
export async function* filesIn(paths: readonly string[], choice: Choice): AsyncGenerator<string> {
  for (const path of paths) {
    if (path === '-' || (await stat(path)).isFile()) yield path;
    else yield* below(path, path, choice);
  }
}

async function* below(folder: string, root: string, choice: Choice): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const name = relative(root, path).split(sep).join('/');
    if (matches(name, choice.exclude)) continue;
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) yield* below(path, root, choice);
    else if (entry.isFile() && (choice.include.length === 0 || matches(name, choice.include))) yield path;
  }
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(name, pattern) || matchesGlob(name, `**/${pattern}`));
}
