import { createHash } from 'node:crypto';
import type { BackupKey } from '#crypto';
import type { BlobStore } from '#storage';
import { type Manifest, partKey } from './backup.manifest.ts';
import { type Frame, packFrames } from './part.frames.ts';

/** A part is written when it would grow past this: so much is held in memory, and no more. */
const PART_BYTES = 4 * 1024 * 1024;

/** Writes parts one after the other, each sealed in its place. */
export class PartWriter {
  readonly parts: Manifest['parts'] = [];
  private frames: Frame[] = [];
  private held = 0;
  private kind: Manifest['parts'][number]['kind'] = 'tables';

  constructor(
    private readonly store: BlobStore,
    private readonly name: string,
    private readonly key: BackupKey,
  ) {}

  async add(frame: Frame): Promise<void> {
    this.frames.push(frame);
    this.held += frame.bytes.length;
    if (this.held >= PART_BYTES) await this.flush();
  }

  /** Ends what was begun, and goes on with parts of another kind. */
  async turnTo(kind: Manifest['parts'][number]['kind']): Promise<void> {
    await this.flush();
    this.kind = kind;
  }

  async flush(): Promise<void> {
    if (this.frames.length === 0) return;
    const index = this.parts.length;
    const sealed = this.key.sealPart(index, packFrames(this.frames));
    this.frames = [];
    this.held = 0;
    await this.store.put(partKey(this.name, index), sealed);
    const sha256 = createHash('sha256').update(sealed).digest('hex');
    this.parts.push({ kind: this.kind, bytes: sealed.length, sha256 });
  }
}
