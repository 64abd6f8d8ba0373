import type { Preset } from './preset.ts';

/**
 * 45 CFR 164.514(b)(2), Safe Harbor: everything of the 18 identifiers that can stand in a text goes. A three-digit postal
 * code and an age below 90 might stay by the letter; whether they may depends on populations nobody looks up here.
 */
export const hipaa: Preset = {
  name: 'hipaa',
  description: 'Safe Harbor: redacts the 18 identifiers as far as they are text, also where it is less sure',
  strategy: 'redact',
  strategies: {},
  types: null,
  // Cities are geographic subdivisions smaller than a state, and web addresses are identifiers.
  extraTypes: ['LOCATION', 'URL'],
  minConfidence: 0.4,
};
