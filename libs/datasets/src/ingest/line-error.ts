/** Errors kept with an import; past these only the number of wrong rows is known. */
export const ERRORS_KEPT = 100_000;

/** A row that was not imported, where in it, and why; never what stands there. */
export interface LineError {
  /** Counted from 1: a line, an element of an array, a row of a table with its header. */
  line: number;
  /** Of the characters of a line, or of the columns of a table; from 1. */
  column?: number;
  /** RFC 6901; keys that could be personal data are shown as `*`. */
  path?: string;
  reason: string;
}

/** Two lists in the order of lines as one. */
export function mergeErrors(a: readonly LineError[], b: readonly LineError[]): LineError[] {
  if (b.length === 0) return a.slice(0, ERRORS_KEPT);
  return [...a, ...b].sort((left, right) => left.line - right.line).slice(0, ERRORS_KEPT);
}
