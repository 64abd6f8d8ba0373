// kernel: words every room shares. No package, no I/O.
export { defineError, definedErrors, VaultError, wireCode } from './errors.ts';
export type { ErrorClass, ErrorKind, Issue } from './errors.ts';
export { bytesToUuid, isUuid, newId, parseId, showId, uuidToBytes } from './ids.ts';
export { pointerToken } from './json-pointer.ts';
export { tooOldNode } from './node-version.ts';
export { Clock, FixedClock, SystemClock } from './clock.ts';
export { Log, SilentLog } from './log.ts';
export type { LogFields } from './log.ts';
export { currentContext, runInContext } from './request-context.ts';
export type { RequestContext } from './request-context.ts';
export type { Principal } from './principal.ts';
export { provided, providedBy } from './provider.ts';
export { secretKey } from './secret-key.ts';
export type { Provided } from './provider.ts';
export { BadCursor, fromCursor, idAfter, pageById, toCursor } from './page.ts';
export type { Page } from './page.ts';
