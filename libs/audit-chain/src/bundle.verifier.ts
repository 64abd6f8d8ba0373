import { isUtf8 } from 'node:buffer';
import { type BundleEnd, parseEndLine, parseHeaderLine, signedBytesOfEnd } from './bundle.ts';
import { ChainCheck, type Flaw } from './chain.check.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { parseEntryLine } from './entry.ts';
import type { PublicKeys } from './public-keys.ts';

export type BundleReport = { ok: true; end: BundleEnd } | { ok: false; flaw: Flaw; tenant: string | null };

const LINE_END = 0x0a;
/** Far longer than any line of ours: a file without line ends must not be read into memory whole. */
const MAX_LINE = 1024 * 1024;

/** Tells whether a bundle is what was signed, and where it first is not. Takes the file in pieces, in bounded memory. */
export class BundleVerifier {
  readonly #keys: PublicKeys;
  #rest: Buffer = Buffer.alloc(0);
  #check: ChainCheck | null = null;
  #first = 0;
  #prev = '';
  #end: BundleEnd | null = null;
  #flaw: Flaw | null = null;

  constructor(keys: PublicKeys) {
    this.#keys = keys;
  }

  push(piece: Uint8Array): void {
    let rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : Buffer.from(piece);
    for (let at = rest.indexOf(LINE_END); at >= 0; at = rest.indexOf(LINE_END)) {
      this.#line(rest.subarray(0, at));
      rest = rest.subarray(at + 1);
    }
    if (rest.length > MAX_LINE) {
      this.#line(rest);
      rest = Buffer.alloc(0);
    }
    this.#rest = rest;
  }

  end(): BundleReport {
    // Each line has its line end, also the last: what comes without one was cut.
    if (this.#rest.length > 0) this.#flaw ??= { kind: 'truncated', seq: this.#check?.next ?? null };
    if (!this.#flaw && this.#end) return { ok: true, end: this.#end };
    const flaw = this.#flaw ?? { kind: 'truncated', seq: this.#check?.next ?? null };
    return { ok: false, flaw, tenant: this.#check?.tenant ?? null };
  }

  #line(bytes: Buffer): void {
    if (this.#flaw) return this.#lookFor(this.#flaw, bytes);
    if (bytes.length > MAX_LINE || !isUtf8(bytes)) return this.#malformed();
    const line = bytes.toString('utf8');
    if (!this.#check) this.#header(line);
    else if (this.#end) this.#malformed();
    else if (line.startsWith('{"seq":')) this.#entry(this.#check, line);
    else if (line.startsWith('{"checkpoint":')) this.#checkpoint(this.#check, line);
    else this.#last(this.#check, line);
  }

  #header(line: string): void {
    const header = parseHeaderLine(line);
    if (!header) return this.#malformed();
    this.#first = header.first;
    this.#prev = header.prev;
    this.#check = new ChainCheck(header.tenant, header.first, header.prev, this.#keys);
  }

  #entry(check: ChainCheck, line: string): void {
    const entry = parseEntryLine(line);
    if (!entry) return this.#malformed();
    this.#flaw = check.entry(entry);
  }

  #checkpoint(check: ChainCheck, line: string): void {
    const signed = parseCheckpoint(line);
    if (!signed) return this.#malformed();
    this.#flaw = check.checkpoint(signed.checkpoint, signed.signature);
  }

  #last(check: ChainCheck, line: string): void {
    const signed = parseEndLine(line);
    if (!signed) return this.#malformed();
    const { end, signature } = signed;
    this.#flaw = check.signed(end.key, signedBytesOfEnd(end), signature);
    if (this.#flaw) return;
    // The signature is good, so it is the entries that differ from what was signed.
    const begins = end.tenant === check.tenant && end.first === this.#first && end.prev === this.#prev;
    if (!begins) this.#flaw = { kind: 'edited', seq: this.#first };
    else if (end.last >= check.next) this.#flaw = { kind: 'truncated', seq: check.next };
    else if (end.last < check.next - 1 || end.head !== check.head) this.#flaw = { kind: 'edited', seq: end.last + 1 };
    else if (end.checkpoints !== check.checkpoints) this.#flaw = { kind: 'checkpoint', seq: check.next };
    else this.#end = end;
  }

  #malformed(): void {
    this.#flaw = { kind: 'malformed', seq: this.#check?.next ?? null };
  }

  /** What seemed missing may come later: then the lines are in the wrong order. */
  #lookFor(flaw: Flaw, bytes: Buffer): void {
    if (flaw.kind !== 'missing') return;
    const entry = parseEntryLine(bytes.toString('utf8'));
    if (entry?.seq === flaw.seq) this.#flaw = { kind: 'reordered', seq: flaw.seq };
  }
}

/** Verifies a bundle as it comes, in pieces of any size. */
export async function verifyBundle(pieces: AsyncIterable<Uint8Array>, keys: PublicKeys): Promise<BundleReport> {
  const verifier = new BundleVerifier(keys);
  for await (const piece of pieces) verifier.push(piece);
  return verifier.end();
}
