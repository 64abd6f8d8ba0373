import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Place } from './found.ts';

const VERSION = 1;

/** Says what a finding is like, so that the same one is known again; of the value itself there is nothing in it. */
export function fingerprintOf(file: string, type: string, { around }: Pick<Place, 'around'>): string {
  return createHash('sha256')
    .update(JSON.stringify([file, type, around]))
    .digest('hex')
    .slice(0, 24);
}

/** Findings that somebody has looked at and lives with: how many of each. One more of the same is a new one. */
export class Baseline {
  private readonly left: Map<string, number>;
  private readonly seen = new Map<string, number>();

  private constructor(counts: Readonly<Record<string, number>>) {
    this.left = new Map(Object.entries(counts));
  }

  static none(): Baseline {
    return new Baseline({});
  }

  /** @throws Error when it is no baseline; one that is not there is empty */
  static async read(file: string): Promise<Baseline> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return Baseline.none();
    const { version, findings } = JSON.parse(text) as { version?: number; findings?: Record<string, number> };
    if (version !== VERSION || typeof findings !== 'object') throw new Error(`${file} is no baseline of ldv scan`);
    return new Baseline(findings);
  }

  /** Counts one, and says whether it was there before. */
  knows(fingerprint: string): boolean {
    this.seen.set(fingerprint, (this.seen.get(fingerprint) ?? 0) + 1);
    const left = this.left.get(fingerprint) ?? 0;
    if (left === 0) return false;
    this.left.set(fingerprint, left - 1);
    return true;
  }

  /** Everything that was counted, in place of what was there. */
  async write(file: string): Promise<void> {
    const findings = Object.fromEntries([...this.seen].sort(([one], [other]) => (one < other ? -1 : 1)));
    await writeFile(`${file}.new`, `${JSON.stringify({ version: VERSION, findings }, null, 2)}\n`);
    await rename(`${file}.new`, file);
  }
}
