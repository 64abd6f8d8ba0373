#!/usr/bin/env node
import { tooOldNode } from '#kernel';
import { tuneProcess } from './tuned-process.ts';

const tooOld = tooOldNode(process.versions.node);
if (tooOld !== null) {
  console.error(tooOld);
  process.exit(1);
}
// Before anything else is loaded, as it would be loaded twice.
if ([undefined, 'serve', 'worker'].includes(process.argv[2])) tuneProcess(process.env);
const { runProgram } = await import('./program.ts');
await runProgram(process.env);
