import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AllFigures } from './all-figures.ts';
import type { Figures } from './quality.ts';

/** What `npm run bench -- pii` wrote last. */
const recorded = JSON.parse(readFileSync(join(__dirname, '../../docs/pii/quality.json'), 'utf8')) as AllFigures;
const POINT = 0.01;

function worseOf(recorded: Record<string, Figures>, measured: Record<string, Figures> = {}): string[] {
  return Object.entries(recorded).flatMap(([type, was]) => {
    const is = measured[type];
    return (['precision', 'recall', 'f1'] as const)
      .filter((figure) => (is?.[figure] ?? 0) < was[figure] - POINT)
      .map((figure) => `${type} ${figure} was ${was[figure]}, is ${is?.[figure]}`);
  });
}

describe('detection', () => {
  let quality: AllFigures;

  beforeAll(() => {
    const script = join(__dirname, '../pii-quality.ts');
    quality = JSON.parse(
      execFileSync(process.execPath, ['--conditions=source', script], { encoding: 'utf8' }),
    ) as AllFigures;
  });

  it('is as good as it was recorded, by every type and figure', () => {
    expect(worseOf(recorded.types, quality.types)).toEqual([]);
  });

  it.each(Object.keys(recorded.slices))('is as good as it was recorded on %s alone', (slice) => {
    const [was, is] = [recorded.slices[slice], quality.slices[slice]];
    expect(worseOf(was?.types ?? {}, is?.types)).toEqual([]);
  });

  it('is right nine times in ten where it is at least 0.9 sure', () => {
    expect(quality.calibration.at(-1)?.right).toBeGreaterThan(0.9);
  });

  it('finds no more than recorded where there is nothing', () => {
    expect(quality.falseInMegabyte).toBeLessThanOrEqual(recorded.falseInMegabyte * 1.05);
  });
});
