import { piiTypeNamed, piiTypes, strategyNamed } from '#pii';
import { presets } from './all-presets.ts';

describe.each(presets.map((preset) => [preset.name, preset] as const))('the policy %s', (_name, preset) => {
  it('names types and strategies that there are, by their canonical names', () => {
    const types = [...Object.keys(preset.strategies), ...(preset.types ?? []), ...preset.extraTypes];
    expect(types.map(piiTypeNamed)).toEqual(types);
    const strategies = [preset.strategy, ...Object.values(preset.strategies)];
    expect(strategies.map(strategyNamed)).toEqual(strategies);
  });

  it('looks in addition only for what is off by default', () => {
    const off = piiTypes.filter(({ defaultOn }) => !defaultOn).map(({ type }) => type);
    expect(preset.extraTypes.filter((type) => !off.includes(type))).toEqual([]);
  });
});
