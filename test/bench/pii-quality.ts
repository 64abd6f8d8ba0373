// What `npm run bench -- pii` says of quality: the table, the report in docs/pii and the figures that a test holds it to.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AllFigures, allFigures } from '../../scripts/pii-corpus/all-figures.ts';
import type { Figures, Quality } from '../../scripts/pii-corpus/quality.ts';

export interface Speed {
  name: string;
  value: number;
}

const FOLDER = new URL('../../docs/pii/', import.meta.url);
const percent = (part: number): string => (part * 100).toFixed(1);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function cells({ there, found, precision, recall, f1 }: Figures): string[] {
  return [String(there), String(found), percent(precision), percent(recall), percent(f1)];
}

/** Each slice alone, and of it the types that are not all found. */
function sliceTable(slices: AllFigures['slices']): string {
  const rows = Object.entries(slices).flatMap(([name, { all, types }]) => [
    [name, ...cells(all)],
    ...Object.entries(types)
      .filter(([, { f1 }]) => f1 < 1)
      .map(([type, figures]) => [`… ${type}`, ...cells(figures)]),
  ]);
  return table(['slice', 'labelled', 'found', 'precision', 'recall', 'F1'], rows);
}

function tables({ types, calibration }: Quality): { byType: string; bySureness: string } {
  const byType = Object.entries(types).map(([type, figures]) => [type, ...cells(figures)]);
  const bySureness = calibration.map(({ from, found, right }) => [from.toFixed(1), String(found), percent(right)]);
  return {
    byType: table(['type', 'labelled', 'found', 'precision', 'recall', 'F1'], byType),
    bySureness: table(['confidence from', 'found', 'right, %'], bySureness),
  };
}

/** Measures, prints, and writes both files anew. */
export function reportQuality(speeds: readonly Speed[]): void {
  const quality = allFigures();
  const { byType, bySureness } = tables(quality);
  const clean = `Where nothing is to be found: ${quality.falseInMegabyte} findings in a megabyte, nearly all of them PERSON.`;
  console.log(`\nquality on held out text\n${byType}\n\n${bySureness}\n\n${clean}`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL('quality.json', FOLDER), `${JSON.stringify(quality, null, 2)}\n`);
  const report = new URL('QUALITY.md', FOLDER);
  const rates = table(
    ['input', 'MB/s'],
    speeds.map(({ name, value }) => [name, value.toFixed(1)]),
  );
  writeFileSync(
    report,
    `# How good detection is

Written by \`npm run bench -- pii\`. The texts are made by \`scripts/pii-corpus\`: sentences, mails, forms, tables, chats and notes in
ten languages with names and numbers of people who do not exist, and among them what only looks alike: companies, products, places,
headings, code, order numbers. The model of names was trained on other templates than those measured here, and with a third of the
lists hidden. The texts are written by the rules' own authors, so numbers with check digits do better here than among people; names
do worse, as every second text was made to mislead. \`scripts/pii-corpus/quality.spec.ts\` fails when a figure in
[quality.json](quality.json) is missed by more than a point.

## By type

A finding is right when it has the type of a label and covers half of it.

${byType}

## By slice

Two hundred texts of each kind, measured alone, and below a slice those of its types that are not all found. Places (LOCATION, which
is looked for when asked) are looked for here too. Rules were mended where these texts showed them wrong, so the figures guard
against a fall more than they tell how well other text is read.

${sliceTable(quality.slices)}

## By confidence

Of findings at 0.9 or surer nine in ten are to be right.

${bySureness}

${clean}

## Speed

One core of the machine that wrote this; \`JSON.parse\` of the same bytes is there to compare machines.

${rates}
`,
  );
  spawnSync('prettier', ['--write', '--log-level', 'warn', report.pathname, new URL('quality.json', FOLDER).pathname]);
}
