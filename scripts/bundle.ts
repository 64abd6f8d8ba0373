// Puts what the compiler made, and the packages it uses, into a few files: a start reads a dozen instead of three thousand.
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';

const OUT = 'dist/bundle';
/** Programs, and beside them their threads, each where the module that starts it looks for it. */
const INPUT = {
  'vault-server': 'apps/vault-server/src/main.js',
  ldv: 'apps/ldv/src/main.js',
  'pglite.worker': 'libs/database/src/adapters/pglite.worker.js',
  'detection.worker': 'libs/detection/src/detection.worker.js',
  'ingest/segment.worker': 'libs/datasets/src/ingest/segment.worker.js',
};
/** Stay in `node_modules`: what has binaries or files beside its code, what TypeORM loads by itself, and what Nest asks for and we do not have. */
const EXTERNAL = [
  /^pg$/,
  /^@electric-sql\//,
  /^@node-rs\//,
  /^swagger-ui-dist/,
  /^@nestjs\/(?:microservices|websockets|platform-express)/,
  /^@fastify\/(?:multipart|view)$/,
  /^class-(?:transformer|validator)/,
];
/** What packages of the older module system take for granted. */
const BANNER = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;`;

await rm(OUT, { recursive: true, force: true });
const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(INPUT).map(([name, file]) => [name, resolve('dist', file)])),
  platform: 'node',
  external: EXTERNAL,
  // Packages try what may not be there, and evaluate what they made themselves.
  onLog: (level, log, handle) => (level === 'warn' ? undefined : handle(level, log)),
});
// TypeORM knows migrations and entities by the names of their classes.
await bundle.write({ dir: OUT, format: 'esm', keepNames: true, banner: BANNER, chunkFileNames: '[name]-[hash].js' });
await bundle.close();
