// Measures the engine on labelled text that nothing was learned from, and writes the figures to the standard output.
//   node --conditions=source scripts/pii-quality.ts
import { allFigures } from './pii-corpus/all-figures.ts';

console.log(JSON.stringify(allFigures(), null, 2));
