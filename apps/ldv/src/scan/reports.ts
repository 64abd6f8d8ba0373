import type { Risk } from '#pii';
import type { Found } from './found.ts';

export const FORMATS = ['table', 'json', 'jsonl', 'sarif'] as const;
export type Format = (typeof FORMATS)[number];

export interface Summary {
  files: number;
  bytes: number;
  skipped: number;
  findings: number;
  known: number;
}

/** All of it as one text; lines of JSON are written as they are found. */
export function report(
  format: Exclude<Format, 'jsonl'>,
  found: readonly Found[],
  summary: Summary,
  version: string,
): string {
  if (format === 'table') return table(found, summary);
  const value = format === 'json' ? { ...summary, items: found.map(wire) } : sarif(found, version);
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function wire({ risk, confidence, ...rest }: Found): object {
  return { ...rest, risk_level: risk, confidence: Math.round(confidence * 1e4) / 1e4 };
}

function table(found: readonly Found[], { files, findings, known, skipped }: Summary): string {
  const rows = found.map((each) => [
    `${each.file}:${each.line}${each.column === null ? '' : `:${each.column}`}`,
    each.type,
    each.risk,
    each.confidence.toFixed(2),
    `${each.path ?? ''}${each.known ? ' (known)' : ''}`,
  ]);
  const widths = [0, 1, 2, 3].map((at) => Math.max(0, ...rows.map((row) => row[at]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const also = [known > 0 && `${known} of them known`, skipped > 0 && `${skipped} files skipped`].filter(Boolean);
  const end = `${findings} found in ${files} files${also.length > 0 ? `, ${also.join(', ')}` : ''}`;
  return [...lines, end, ''].join('\n');
}

const LEVELS: Record<Risk, 'none' | 'note' | 'warning' | 'error'> = {
  none: 'none',
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};

/** SARIF 2.1.0 (OASIS), which code hosts show beside the lines. */
function sarif(found: readonly Found[], version: string): object {
  const rules = [...new Set(found.map(({ type }) => type))].sort();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ldv', version, rules: rules.map((id) => ({ id, shortDescription: { text: id } })) } },
        columnKind: 'utf16CodeUnits',
        results: found.map((each) => ({
          ruleId: each.type,
          ruleIndex: rules.indexOf(each.type),
          level: LEVELS[each.risk],
          message: { text: `${each.type}${each.path === null ? '' : ` at ${each.path}`}, risk ${each.risk}` },
          baselineState: each.known ? 'unchanged' : 'new',
          partialFingerprints: { 'ldv/v1': each.fingerprint },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(each.file.replaceAll('\\', '/')) },
                region: { startLine: each.line, ...(each.column !== null && { startColumn: each.column }) },
              },
            },
          ],
        })),
      },
    ],
  };
}
