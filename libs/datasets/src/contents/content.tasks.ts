import { textsIn } from '../json-lines.ts';
import { CONTENT_HASH_BYTES, ContentHasher } from './content.hash.ts';
import { ContentSketcher, type SketchKey } from './content.sketch.ts';

/** Hashes of JSON Lines, each with its newline. */
export interface ContentTask {
  kind: 'content-hash';
  lines: Uint8Array;
  /** The tenant's key for hashes of contents. */
  key: Uint8Array;
}

/** Sketches of JSON Lines, each with its newline. */
export interface ContentSketchTask extends SketchKey {
  kind: 'content-sketch';
  lines: Uint8Array;
  datasetId: string;
}

/** Of each line in turn. */
export interface HashedContents {
  hashes: Uint8Array;
}
export interface SketchedContents {
  sketches: Uint8Array[];
}

/** Port. The threads, as those who hash and sketch contents see them. */
export interface ContentPool {
  run(task: ContentTask): Promise<HashedContents>;
  run(task: ContentSketchTask): Promise<SketchedContents>;
}

/** On a thread. */
export function performContentTask({ lines, key }: ContentTask): HashedContents {
  const hasher = new ContentHasher(key);
  const texts = textsIn(lines);
  const hashes = new Uint8Array(texts.length * CONTENT_HASH_BYTES);
  texts.forEach((text, i) => hashes.set(hasher.of(text), i * CONTENT_HASH_BYTES));
  key.fill(0);
  return { hashes };
}

/** On a thread. */
export function performSketchTask({ lines, datasetId, ...how }: ContentSketchTask): SketchedContents {
  const sketcher = new ContentSketcher(how, datasetId);
  how.key.fill(0);
  return { sketches: textsIn(lines).map((text) => sketcher.of(text)) };
}
