import { Duplex } from 'node:stream';
import type { EmbeddedPostgres } from './pglite.ts';

const QUERY = 0x51; // 'Q'
const COPY_DONE = 0x63; // 'c'
const COPY_FAIL = 0x66; // 'f'
const COPY_IN_RESPONSE = 0x47; // 'G'
const TERMINATE = 0x58; // 'X'
const READY_FOR_QUERY = 0x5a; // 'Z'
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]); // 'S'
const IDLE = 0x49; // 'I': not in a transaction
const COPY_IN = /^\s*copy\s[^;]*\sfrom\s+stdin/i;

/**
 * What `pg` takes for a socket: its bytes go to the embedded database.
 *
 * The embedded database reads one message at a time and cannot wait for more input, so a COPY is held back here
 * until its last chunk and handed over whole (PostgreSQL message formats: protocol 3.0, section 53.7).
 */
export class PgliteStream extends Duplex {
  private copy: Buffer[] | null = null;
  private bodyLeft = 0;
  private forgotten: NodeJS.Timeout | undefined;
  private readonly db: EmbeddedPostgres;
  private readonly idleInTransactionMs: number;

  constructor(db: EmbeddedPostgres, idleInTransactionMs = 30_000) {
    super();
    this.db = db;
    this.idleInTransactionMs = idleInTransactionMs;
  }

  connect(): this {
    this.begin().then(
      () => this.emit('connect'),
      (error: Error) => this.destroy(error),
    );
    return this;
  }

  /** The session is shared by all connections that follow one another, however the one before ended. */
  private async begin(): Promise<void> {
    await this.db.exchange(SYNC);
    await this.db.exchange(simpleQuery('ROLLBACK'));
    await this.db.exchange(simpleQuery('DISCARD ALL'));
  }

  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    clearTimeout(this.forgotten);
    this.accept(chunk).then(() => done(), done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    clearTimeout(this.forgotten);
    this.takeAll(chunks.map((each) => each.chunk)).then(() => done(), done);
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  private async takeAll(chunks: Buffer[]): Promise<void> {
    const special = chunks.some((chunk) => this.copy || chunk[0] === QUERY || chunk[0] === TERMINATE);
    if (!special) return this.forward(Buffer.concat(chunks));
    for (const chunk of chunks) await this.accept(chunk);
  }

  private async accept(chunk: Buffer): Promise<void> {
    if (this.copy) return this.collect(chunk);
    if (chunk[0] === TERMINATE) return void this.push(null);
    if (chunk[0] === QUERY && COPY_IN.test(chunk.toString('latin1', 5, Math.min(chunk.length - 1, 2000)))) {
      this.copy = [chunk];
      this.push(Buffer.from([COPY_IN_RESPONSE, 0, 0, 0, 7, 0, 0, 0]));
      return;
    }
    await this.forward(chunk);
  }

  private async collect(chunk: Buffer): Promise<void> {
    const held = this.copy!;
    held.push(chunk);
    if (!this.endsCopy(chunk)) return;
    this.copy = null;
    const reply = Buffer.from(await this.db.exchange(Buffer.concat(held)));
    // The client was told already that copying may begin.
    const skip = reply[0] === COPY_IN_RESPONSE ? 1 + reply.readInt32BE(1) : 0;
    this.answer(reply.subarray(skip));
  }

  /** Follows the messages of a COPY through writes that may cut a body from its length. */
  private endsCopy(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.bodyLeft > 0) {
        const taken = Math.min(this.bodyLeft, chunk.length - at);
        this.bodyLeft -= taken;
        at += taken;
        continue;
      }
      if (chunk[at] === COPY_DONE || chunk[at] === COPY_FAIL) return true;
      this.bodyLeft = chunk.readInt32BE(at + 1) - 4;
      at += 5;
    }
    return false;
  }

  private async forward(message: Buffer): Promise<void> {
    const { buffer, byteOffset, byteLength } = await this.db.exchange(message);
    if (byteLength > 0) this.answer(Buffer.from(buffer, byteOffset, byteLength));
  }

  /**
   * Hands on what the database says. A transaction in which nothing happens any more holds up everybody, so after a
   * while it ends with its connection; the embedded database has no clock to do that by itself.
   */
  private answer(reply: Buffer): void {
    clearTimeout(this.forgotten);
    const inTransaction = reply.at(-6) === READY_FOR_QUERY && reply.at(-1) !== IDLE;
    if (inTransaction && !this.destroyed) {
      const end = (): unknown => this.destroy(new Error('Connection terminated: idle in transaction'));
      this.forgotten = setTimeout(end, this.idleInTransactionMs);
      this.forgotten.unref();
    }
    this.push(reply);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.forgotten);
    done(error);
  }
}

function simpleQuery(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const message = Buffer.alloc(5 + text.length);
  message[0] = QUERY;
  message.writeInt32BE(4 + text.length, 1);
  text.copy(message, 5);
  return message;
}
