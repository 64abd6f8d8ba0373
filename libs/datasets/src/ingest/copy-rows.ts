const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);

const TEXT_OID = 25;
const JSONB_VERSION = 1;

/** Writes rows for `COPY … WITH (FORMAT binary)`; see the PostgreSQL manual, "COPY", File Formats. */
export class CopyRows {
  private buffer: Buffer<ArrayBuffer>;
  private used: number;
  rows = 0;
  private readonly columns: number;

  constructor(columns: number, capacity: number) {
    this.columns = columns;
    this.buffer = Buffer.from(new ArrayBuffer(HEADER.length + capacity + 2));
    HEADER.copy(this.buffer);
    this.used = HEADER.length;
  }

  row(): void {
    this.room(2);
    this.buffer.writeInt16BE(this.columns, this.used);
    this.used += 2;
    this.rows += 1;
  }

  null(): void {
    this.room(4);
    this.buffer.writeInt32BE(-1, this.used);
    this.used += 4;
  }

  bytes(value: Uint8Array): void {
    this.field(value.length);
    this.buffer.set(value, this.used);
    this.used += value.length;
  }

  /** NUL, which PostgreSQL keeps in no text and would refuse the whole COPY for, becomes U+FFFD. */
  text(value: string): void {
    const kept = value.includes('\0') ? value.replaceAll('\0', '\u{fffd}') : value;
    const length = Buffer.byteLength(kept);
    this.field(length);
    this.buffer.write(kept, this.used);
    this.used += length;
  }

  /** text[], of one dimension. */
  texts(values: readonly string[]): void {
    const length = values.reduce((sum, value) => sum + 4 + Buffer.byteLength(value), 0);
    this.field(20 + length);
    // Dimensions, whether there are nulls, the type of elements; of the one dimension how many, and from where they count.
    for (const number of [1, 0, TEXT_OID, values.length, 1]) this.used = this.buffer.writeInt32BE(number, this.used);
    for (const value of values) {
      this.used = this.buffer.writeInt32BE(Buffer.byteLength(value), this.used);
      this.used += this.buffer.write(value, this.used);
    }
  }

  jsonb(value: string): void {
    this.field(1 + Buffer.byteLength(value));
    this.used = this.buffer.writeInt8(JSONB_VERSION, this.used);
    this.used += this.buffer.write(value, this.used);
  }

  smallint(value: number): void {
    this.field(2);
    this.buffer.writeInt16BE(value, this.used);
    this.used += 2;
  }

  integer(value: number): void {
    this.field(4);
    this.buffer.writeInt32BE(value, this.used);
    this.used += 4;
  }

  bigint(value: number): void {
    this.field(8);
    this.buffer.writeBigInt64BE(BigInt(value), this.used);
    this.used += 8;
  }

  real(value: number): void {
    this.field(4);
    this.buffer.writeFloatBE(value, this.used);
    this.used += 4;
  }

  /** The whole COPY input; its memory may be handed to another thread. */
  finish(): Uint8Array<ArrayBuffer> {
    this.room(2);
    this.buffer.writeInt16BE(-1, this.used);
    return new Uint8Array(this.buffer.buffer, 0, this.used + 2);
  }

  private field(length: number): void {
    this.room(4 + length);
    this.buffer.writeInt32BE(length, this.used);
    this.used += 4;
  }

  private room(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return;
    const grown = Buffer.from(new ArrayBuffer(Math.max(this.buffer.length * 2, this.used + bytes)));
    this.buffer.copy(grown, 0, 0, this.used);
    this.buffer = grown;
  }
}
