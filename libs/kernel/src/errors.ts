/** What went wrong, in the words of the domain. One table at the HTTP edge maps kinds to statuses. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'precondition-failed'
  | 'too-large'
  | 'unsupported-media'
  | 'invalid'
  | 'too-many'
  | 'unavailable'
  | 'storage-full'
  | 'internal';

/** One thing wrong with an input: where (RFC 6901 pointer, or a place in a stream) and what was expected. Never a value. */
export interface Issue {
  pointer: string;
  detail: string;
}

/** An error a user can meet. `message` is safe to show: it never repeats anything that was sent. */
export abstract class VaultError extends Error {
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  issues?: Issue[];
  /** Whole seconds after which trying again makes sense. */
  retryAfter?: number;

  /** The stable name on the wire: `DATASET_NOT_FOUND`. */
  get wireCode(): string {
    return wireCode(this.code);
  }

  with(extra: { issues?: Issue[]; retryAfter?: number; cause?: unknown }): this {
    return Object.assign(this, extra);
  }
}

export interface ErrorClass<A extends unknown[]> {
  new (...args: A): VaultError;
  readonly code: string;
  readonly kind: ErrorKind;
  readonly title: string;
}

const registry = new Map<string, ErrorClass<never[]>>();

/** Every error declared with `defineError` in the rooms loaded so far; docs/errors.md is held equal to it. */
export const definedErrors: ReadonlyMap<string, ErrorClass<never[]>> = registry;

export function wireCode(code: string): string {
  return code.replaceAll('-', '_').toUpperCase();
}

/**
 * Declares an error once: its kebab-case code, its kind, and its words.
 *
 * @throws Error when the code was declared before (two rooms must not share one).
 */
export function defineError<A extends unknown[]>(
  code: string,
  kind: ErrorKind,
  detail: (...args: A) => string,
): ErrorClass<A> {
  if (registry.has(code)) throw new Error(`error code ${code} is declared twice`);
  const title = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
  const made = class extends VaultError {
    static readonly code = code;
    static readonly kind = kind;
    static readonly title = title;
    readonly code = code;
    readonly kind = kind;
    constructor(...args: A) {
      super(detail(...args));
      this.name = title;
    }
  };
  registry.set(code, made as unknown as ErrorClass<never[]>);
  return made;
}
