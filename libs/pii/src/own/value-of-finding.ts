import type { Finding } from '../finding.ts';
import type { PiiScanner } from '../pii-scanner.ts';
import { JsonValues } from './json-values.ts';

export interface SoughtFinding extends Pick<Finding, 'type' | 'start' | 'end'> {
  /** Whether a path is that of the finding, as it was kept. */
  isPath: (path: string) => boolean;
}

/**
 * The value of a finding that was made earlier: where it is found again, or, by the rules of another day, what stands at
 * its place. Null where that is not one value: keys that may be personal data are not told apart by a path.
 */
export function valueOfFinding(source: string, sought: SoughtFinding, scanner: PiiScanner): string | null {
  const { type, start, end, isPath } = sought;
  const again = new Set<string>();
  scanner.scanJson(source, (finding, value) => {
    if (finding.type === type && finding.start === start && finding.end === end && isPath(finding.path))
      again.add(value);
  });
  if (again.size > 0) return only(again);
  const there = new Set<string>();
  new JsonValues().walk(source, ({ value, path }) => {
    if (value.length >= end && isPath(path.pointer(source))) there.add(value.slice(start, end));
  });
  return only(there);
}

function only(values: ReadonlySet<string>): string | null {
  const [value] = values;
  return values.size === 1 && value !== undefined ? value : null;
}
