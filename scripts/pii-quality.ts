// Measures the engine on labelled text that nothing was learned from, and writes the figures to the standard output.
//   node --conditions=source scripts/pii-quality.ts
import { PiiScanner } from '#pii';
import { heldOut } from './pii-corpus/held-out.ts';
import { measure } from './pii-corpus/quality.ts';

console.log(JSON.stringify(measure(new PiiScanner(), heldOut()), null, 2));
