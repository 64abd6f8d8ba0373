// npm run bench [-- audit | crypto | duplicates | pii | records | vault | versions]: throughput, latency and memory of what
// was built, each beside a baseline of the same run.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

const [wanted, ...rest] = process.argv.slice(2);
const benches = globSync('*.bench.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.bench.ts'))
  .sort();
if (wanted && !benches.includes(wanted)) {
  console.error(`there is no bench ${wanted}; there are ${benches.join(', ')}`);
  process.exit(2);
}
for (const name of wanted ? [wanted] : benches) {
  const file = join(import.meta.dirname, `${name}.bench.ts`);
  const { status } = spawnSync(process.execPath, [file, ...rest], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
