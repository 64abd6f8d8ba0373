import { once } from 'node:events';
import type { Writable } from 'node:stream';

const ENOUGH = 64 * 1024;

/** Writes many short texts as few long ones, and no faster than they are read. */
export class Output {
  private pending: string[] = [];
  private size = 0;

  constructor(private readonly target: Writable) {}

  async write(text: string): Promise<void> {
    this.pending.push(text);
    this.size += text.length;
    if (this.size >= ENOUGH) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.size === 0) return;
    const text = this.pending.join('');
    [this.pending, this.size] = [[], 0];
    if (!this.target.write(text)) await once(this.target, 'drain');
  }
}
