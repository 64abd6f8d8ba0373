// Everything a change must pass before its tests: one command, here and in CI. Says at the end what failed.
import { spawnSync } from 'node:child_process';

const CHECKS: Record<string, readonly [command: string, ...args: string[]]> = {
  format: ['prettier', '--check', '--log-level', 'warn', '.'],
  lint: ['oxlint'],
  types: ['tsc', '-p', 'tsconfig.json'],
  rooms: ['depcruise', '--config', '.dependency-cruiser.cjs', 'libs', 'apps', 'test', 'scripts'],
};

const failed = Object.entries(CHECKS).filter(([name, [command, ...args]]) => {
  console.log(`\n— ${name}: ${command} ${args.join(' ')}`);
  return spawnSync(command, args, { stdio: 'inherit' }).status !== 0;
});

console.log(failed.length ? `\nfailed: ${failed.map(([name]) => name).join(', ')}` : '\nall checks passed');
process.exitCode = failed.length ? 1 : 0;
