import { readFile } from 'node:fs/promises';
import type { Log } from '#kernel';
import type { TokenKeys } from './token-keys.ts';

/** Mounted secrets are swapped by renaming folders, which the system's own watching often does not see. */
const EVERY_MS = 1000;
const MIN_CHARACTERS = 32;

export interface SecretFiles {
  /** The secret in use. */
  current?: string;
  /** Earlier ones that are still accepted, with commas between them. */
  previous?: string;
}

/** Looks at the files the secrets were read from: a changed one takes effect within seconds, without a restart. */
export class TokenKeyWatcher {
  private timer: NodeJS.Timeout | null = null;
  private complaint = '';

  constructor(
    private readonly keys: TokenKeys,
    private readonly files: SecretFiles,
    /** What was not read from a file stays as it was set. */
    private readonly set: { current: string; previous: readonly string[] },
    private readonly log: Log,
  ) {}

  start(): void {
    if (!this.files.current && !this.files.previous) return;
    this.timer = setInterval(() => void this.look(), EVERY_MS).unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async look(): Promise<void> {
    try {
      const current = this.files.current ? textOf(await readFile(this.files.current, 'utf8')) : this.set.current;
      const previous = this.files.previous ? listOf(await readFile(this.files.previous, 'utf8')) : this.set.previous;
      this.take(current, previous);
    } catch (error) {
      this.complain((error as NodeJS.ErrnoException).code ?? 'UNREADABLE');
    }
  }

  private take(current: string, previous: readonly string[]): void {
    if ([current, ...previous].some(({ length }) => length < MIN_CHARACTERS)) return this.complain('TOO_SHORT');
    this.complaint = '';
    if (!this.keys.replace(current, previous)) return;
    const { id } = this.keys.current;
    this.log.warn(
      { event_type: 'signing-key', key_id: id, count: previous.length },
      'access tokens are signed with another key',
    );
  }

  /** Said once, and the key that works goes on working: a broken file must not sign everybody out. */
  private complain(why: string): void {
    if (this.complaint === why) return;
    this.complaint = why;
    this.log.error(
      { event_type: 'signing-key', error: `JWT_SECRET_${why}`, key_id: this.keys.current.id },
      'the secret file is not taken',
    );
  }
}

function textOf(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function listOf(text: string): string[] {
  return textOf(text)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
