import { newId } from '#kernel';
import { parseFinding, showFinding } from './finding-key.ts';

describe('the name of a finding', () => {
  const key = { branchId: newId(), recordId: newId(), fromSeq: 2 ** 40, ordinal: 7 };

  it('leads back to it', () => {
    expect(parseFinding(showFinding(key))).toEqual(key);
  });

  it.each([
    '',
    'fnd_',
    'fnd_x',
    `${showFinding(key)}A`,
    showFinding(key).replace('fnd_', 'rec_'),
    `${showFinding(key)}==`,
  ])('%s is none', (text) => {
    expect(parseFinding(text)).toBeNull();
  });
});
