import { wrongWith } from '../ingest/line-check.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { type Attributes, attributesOf, NO_ATTRIBUTES } from './attributes.ts';
import { type Json, mergePatch, parseLossless } from './merge-patch.ts';
import { RecordInvalid } from './write.errors.ts';
import type { NewBody } from './write.ts';

export interface RecordBody extends Partial<Attributes> {
  content: Json;
}

/** A patch of content and attributes; what is left out stays, null takes away. */
export interface RecordPatch extends Partial<Attributes> {
  content?: Json;
}

/** @throws RecordInvalid */
export function bodyOf({ content, ...said }: RecordBody): NewBody {
  const text = JSON.stringify(content);
  const line = Buffer.from(text);
  if (wrongWith(line, text)) throw new RecordInvalid();
  return { line, attributes: { ...NO_ATTRIBUTES, ...said } };
}

/** What is there, with a patch merged into it. @throws RecordInvalid */
export function patchedBody(row: StoredVersion, text: string, { content, ...said }: RecordPatch): NewBody {
  const before = parseLossless(text);
  const metadata =
    said.metadata === undefined
      ? row.metadata
      : (mergePatch(row.metadata ?? {}, said.metadata) as Attributes['metadata']);
  return bodyOf({
    ...attributesOf(row),
    ...said,
    metadata,
    content: content === undefined ? before : mergePatch(before, content),
  });
}
