import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Quality } from './quality.ts';

/** What `npm run bench -- pii` wrote last. */
const recorded = JSON.parse(readFileSync(join(__dirname, '../../docs/pii/quality.json'), 'utf8')) as Quality;
const POINT = 0.01;

describe('detection', () => {
  let quality: Quality;

  beforeAll(() => {
    const script = join(__dirname, '../pii-quality.ts');
    quality = JSON.parse(
      execFileSync(process.execPath, ['--conditions=source', script], { encoding: 'utf8' }),
    ) as Quality;
  });

  it('is as good as it was recorded, by every type and figure', () => {
    const worse = Object.entries(recorded.types).flatMap(([type, was]) => {
      const is = quality.types[type];
      return (['precision', 'recall', 'f1'] as const)
        .filter((figure) => (is?.[figure] ?? 0) < was[figure] - POINT)
        .map((figure) => `${type} ${figure} was ${was[figure]}, is ${is?.[figure]}`);
    });
    expect(worse).toEqual([]);
  });

  it('is right nine times in ten where it is at least 0.9 sure', () => {
    expect(quality.calibration.at(-1)?.right).toBeGreaterThan(0.9);
  });

  it('finds no more than recorded where there is nothing', () => {
    expect(quality.falseInMegabyte).toBeLessThanOrEqual(recorded.falseInMegabyte * 1.05);
  });
});
