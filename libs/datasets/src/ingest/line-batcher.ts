const NEWLINE = 0x0a;

/** Most bytes a record may have. */
export const MAX_RECORD = 4 * 1024 * 1024;

/** Whole lines, ready to be handed to another thread. */
export interface LineBatch {
  /** Each line ends with a newline, the file's last line too. The memory is nobody else's. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Number of the first line, counted from 1. */
  firstLine: number;
  /** Where the first line begins in the (inflated) file. */
  offset: number;
  /** Lines that were too long to be looked at. */
  tooLong: number[];
}

export interface BatchLimits {
  bytes: number;
  lines: number;
}

/**
 * A segment's worth: with 36 bytes of salt and length a record, 4 MiB of lines stay well under 8 MiB sealed, however
 * little they compress. A line that would go beyond begins the next batch, so at most one large line is alone in its own.
 */
const LIMITS: BatchLimits = { bytes: 4 * 1024 * 1024, lines: 32_768 };

/** Cuts a stream of bytes into batches of whole lines, holding no more than one batch and one line at a time. */
export async function* batchLines(
  source: AsyncIterable<Uint8Array>,
  limits: BatchLimits = LIMITS,
): AsyncGenerator<LineBatch> {
  const batcher = new LineBatcher(limits);
  for await (const chunk of source) {
    let rest: Uint8Array | null = chunk;
    while (rest) {
      rest = batcher.take(rest);
      if (batcher.full) yield batcher.cut();
    }
  }
  batcher.end();
  while (!batcher.empty) yield batcher.cut();
}

class LineBatcher {
  private buffer: Uint8Array<ArrayBuffer>;
  private used = 0;
  /** End of the last whole line in the buffer. */
  private whole = 0;
  private lines = 0;
  private firstLine = 1;
  private offset = 0;
  /** A line is whole in the buffer, but belongs to the next batch. */
  private held = false;
  private skipping = false;
  private skipped = 0;
  private tooLong: number[] = [];
  private readonly limits: BatchLimits;

  constructor(limits: BatchLimits) {
    this.limits = limits;
    this.buffer = new Uint8Array(limits.bytes + 65_536);
  }

  get full(): boolean {
    return this.held || this.whole >= this.limits.bytes || this.lines >= this.limits.lines;
  }

  get empty(): boolean {
    return this.whole === 0 && this.tooLong.length === 0;
  }

  /** Takes bytes up to where the batch is full, and gives back what is left of the chunk. */
  take(chunk: Uint8Array): Uint8Array | null {
    let from = 0;
    while (from < chunk.length && !this.full) {
      const newline = chunk.indexOf(NEWLINE, from);
      const end = newline < 0 ? chunk.length : newline + 1;
      this.append(chunk.subarray(from, end));
      if (newline >= 0) this.endLine();
      from = end;
    }
    return from < chunk.length ? chunk.subarray(from) : null;
  }

  /** The last line of a file may lack its newline. */
  end(): void {
    if (this.used === this.whole && !this.skipping) return;
    if (!this.skipping) this.append(Uint8Array.of(NEWLINE));
    this.endLine();
  }

  cut(): LineBatch {
    const { firstLine, offset, tooLong } = this;
    const rest = this.buffer.subarray(this.whole, this.used);
    const bytes = this.buffer.subarray(0, this.whole);
    this.buffer = new Uint8Array(Math.max(this.limits.bytes, rest.length) + 65_536);
    this.buffer.set(rest);
    this.used = rest.length;
    this.offset += this.whole + this.skipped;
    this.firstLine += this.lines;
    this.whole = this.held ? this.used : 0;
    this.lines = this.held ? 1 : 0;
    this.held = false;
    this.skipped = 0;
    this.tooLong = [];
    return { bytes, firstLine, offset, tooLong };
  }

  private append(bytes: Uint8Array): void {
    if (this.skipping) {
      this.skipped += bytes.length;
      return;
    }
    if (this.used - this.whole + bytes.length > MAX_RECORD + 1) {
      this.skipped += this.used - this.whole + bytes.length;
      this.used = this.whole;
      this.skipping = true;
      return;
    }
    if (this.used + bytes.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.used + bytes.length));
      grown.set(this.buffer.subarray(0, this.used));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
  }

  private endLine(): void {
    if (this.skipping) {
      // An empty line keeps the numbers of the lines that follow right.
      this.tooLong.push(this.firstLine + this.lines);
      this.skipping = false;
      this.append(Uint8Array.of(NEWLINE));
      // It stands for the newline that was skipped.
      this.skipped -= 1;
    } else if (this.lines > 0 && this.used > this.limits.bytes) {
      this.held = true;
      return;
    }
    this.whole = this.used;
    this.lines += 1;
  }
}
