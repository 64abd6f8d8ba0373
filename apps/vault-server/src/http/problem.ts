import { STATUS_CODES } from 'node:http';
import { defineError, type ErrorKind, type Issue, VaultError } from '#kernel';

/** Every kind of error, and the status it has over HTTP. */
const STATUS: Record<ErrorKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media': 415,
  invalid: 422,
  'too-many': 429,
  internal: 500,
  unavailable: 503,
  'storage-full': 507,
};

export const ValidationFailed = defineError(
  'validation-failed',
  'invalid',
  () => 'The request does not fit its schema.',
);
export const MalformedRequest = defineError('malformed-request', 'malformed', () => 'The request cannot be read.');
export const MalformedJson = defineError('malformed-json', 'malformed', () => 'The body is not valid JSON.');
export const UnsafeNumber = defineError(
  'unsafe-number',
  'malformed',
  () => 'The body holds an integer beyond 2^53, which would not come through unaltered. Send it as a string.',
);
export const BodyTooLarge = defineError(
  'body-too-large',
  'too-large',
  () => 'The body is larger than this route takes.',
);
export const UnsupportedContentType = defineError(
  'unsupported-content-type',
  'unsupported-media',
  () => 'This route does not take a body of that content type.',
);
export const RouteNotFound = defineError('route-not-found', 'not-found', () => 'There is nothing at this address.');
export const InternalError = defineError(
  'internal-error',
  'internal',
  () => 'Something went wrong on our side. The request id finds it in the log.',
);

/** An error as RFC 9457 tells it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string | undefined;
  errors?: Issue[];
}

export function problemOf(error: VaultError, requestId: string | undefined): Problem {
  const status = STATUS[error.kind];
  return {
    type: `/problems/${error.code}`,
    title: error.name || (STATUS_CODES[status] ?? 'Error'),
    status,
    detail: error.message,
    code: error.wireCode,
    request_id: requestId,
    ...(error.issues ? { errors: error.issues } : {}),
  };
}

/** What the HTTP layer itself refuses, by the codes of Fastify and Node. */
const REFUSALS: Record<string, new () => VaultError> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: UnsupportedContentType,
  FST_ERR_CTP_BODY_TOO_LARGE: BodyTooLarge,
  FST_ERR_CTP_EMPTY_JSON_BODY: MalformedJson,
  FST_ERR_CTP_INVALID_JSON_BODY: MalformedJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: MalformedRequest,
};

/** Anything thrown, as an error of ours; null for what is a bug and must not be shown. */
export function asKnownError(thrown: unknown): VaultError | null {
  if (thrown instanceof VaultError) return thrown;
  if (!(thrown instanceof Error)) return null;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  const known = REFUSALS[code];
  if (known) return new known();
  const status = statusOf(thrown);
  // JSON that secure-json-parse or JSON.parse refused; their messages quote the body and are dropped.
  if (thrown instanceof SyntaxError && status === 400) return new MalformedJson();
  if (status === 404) return new RouteNotFound();
  if (status === 413) return new BodyTooLarge();
  if (status === 415) return new UnsupportedContentType();
  return status !== null && status < 500 ? new MalformedRequest() : null;
}

function statusOf(thrown: Error): number | null {
  if ('statusCode' in thrown && typeof thrown.statusCode === 'number') return thrown.statusCode;
  if ('getStatus' in thrown && typeof thrown.getStatus === 'function') return Number(thrown.getStatus());
  return null;
}
