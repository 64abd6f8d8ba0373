#!/usr/bin/env node
import { tooOldNode } from '#kernel';

const tooOld = tooOldNode(process.versions.node);
if (tooOld !== null) {
  console.error(tooOld);
  process.exit(2);
}
// Not before that: the rest needs what an old Node has not.
const { runProgram } = await import('./program.ts');
await runProgram();
