// Scans texts in a process of its own, as servers do, and says what each took of its thread, in milliseconds:
// node scanner.child.ts SIZE ENOUGH < units, each of which is repeated up to the size
import { text } from 'node:stream/consumers';
import { PiiScanner, piiTypes } from '#pii';

const [size, enough] = process.argv.slice(2).map(Number) as [number, number];
const scanner = new PiiScanner({ types: piiTypes.map((info) => info.type), minConfidence: 0 });

/** The least of a few runs: others may be in the way of one, and the first includes what makes the code fast. */
function milliseconds(hostile: string): number {
  let least = Infinity;
  for (let run = 0; run < 5 && least >= enough; run += 1) {
    const before = process.threadCpuUsage();
    scanner.scanText(hostile);
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

const units = JSON.parse(await text(process.stdin)) as string[];
console.log(JSON.stringify(units.map((unit) => milliseconds(unit.repeat(Math.ceil(size / unit.length))))));
