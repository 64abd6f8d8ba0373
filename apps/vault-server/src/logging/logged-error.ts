import { VaultError } from '#kernel';

/** An error as the log may have it. */
export interface LoggedError {
  type: string;
  code?: string;
  message: string;
  stack: string[];
  cause?: LoggedError;
}

const FRAMES = 12;
const CAUSES = 3;

/**
 * What a drivers' or a bug's error says, without what it quotes: `invalid input syntax for type uuid: "…"`. Our own
 * messages are made of constants and stay as they are.
 */
export function loggedError(thrown: unknown, causes = CAUSES): LoggedError {
  const error = thrown instanceof Error ? thrown : likeAnError(thrown);
  if (!error) return { type: typeof thrown, message: 'something that is no error was thrown', stack: [] };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    type: error.name,
    ...(code ? { code } : {}),
    message: error instanceof VaultError ? error.message : withoutQuotes(error.message),
    stack: framesOf(error),
    ...(error.cause && causes > 0 ? { cause: loggedError(error.cause, causes - 1) } : {}),
  };
}

/** Some libraries hand out errors that were copied into plain objects. */
function likeAnError(thrown: unknown): Error | null {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return null;
  return Object.assign(new Error(String(thrown.message)), { stack: '' }, thrown);
}

/** Quoted parts, what stands in brackets after `=`, and long numbers may be what somebody sent. */
function withoutQuotes(message: string): string {
  return message
    .slice(0, 500)
    .replace(/(["'`])(?:(?!\1).)*(\1|$)/gs, '$1…$1')
    .replace(/\([^)]*\)=\([^)]*\)/g, '(…)=(…)')
    .replace(/\d{5,}/g, '…')
    .replace(/\s+/g, ' ');
}

function framesOf({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim().replace(/file:\/\/\/?/g, '/'));
}
