// rest: what every route says the same way: ids, pages, texts, headers.
export { IfMatch, UserAgent } from './header.decorators.ts';
export { Idempotent, isIdempotent } from './idempotent.decorator.ts';
export type { Reply } from './reply.ts';
export { atVersion, tagVersion, VersionMismatch, versionOf } from './version-tag.ts';
export { pageOf, PageQuery, sentId, text } from './wire.ts';
