#!/usr/bin/env node
import { tuneProcess } from './tuned-process.ts';

// Before anything else is loaded, as it would be loaded twice.
if ([undefined, 'serve', 'worker'].includes(process.argv[2])) tuneProcess(process.env);
const { runProgram } = await import('./program.ts');
await runProgram(process.env);
