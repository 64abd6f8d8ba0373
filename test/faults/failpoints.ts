// Loaded into a server before it begins (NODE_OPTIONS=--import): at one point of its code it is killed, throws, or stands
// still. The product itself has no such switch: the code is changed here, as it is loaded.
//   VAULT_FAILPOINT=before-publish:kill:20     at the twentieth time
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

interface Point {
  file: string;
  class: string;
  method: string;
  when: 'before' | 'after';
}
type Action = () => void;

const POINTS: Record<string, Point> = {
  /** Objects are stored, rows are staged, and nothing is published. */
  'before-publish': { file: 'datasets/src/commit.writer.js', class: 'CommitWriter', method: 'publish', when: 'before' },
  /** The head has moved, within a transaction that is open. */
  'inside-publish': { file: 'datasets/src/commit.writer.js', class: 'CommitWriter', method: 'write', when: 'after' },
  /** Committed, and nobody knows it yet. */
  'after-publish': { file: 'datasets/src/commit.writer.js', class: 'CommitWriter', method: 'publish', when: 'after' },
  handler: { file: 'datasets/src/datasets.service.js', class: 'DatasetsService', method: 'get', when: 'before' },
  job: {
    file: 'datasets/src/anonymizations.service.js',
    class: 'AnonymizationsService',
    method: 'perform',
    when: 'before',
  },
};
const BLOCK_MS = 5000;
const ACTIONS: Record<string, Action> = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  throw: () => {
    throw new Error('a failpoint');
  },
  reject: () => void Promise.reject(new Error('a failpoint that nobody waits for')),
  block: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS),
};

declare global {
  // The name that the changed code calls.
  var failpoint: ((of: { prototype: Record<string, (...args: unknown[]) => Promise<unknown>> }) => void) | undefined;
}

const [name, action, time] = (process.env['VAULT_FAILPOINT'] ?? '').split(':');
const point = POINTS[name ?? ''];
const act = ACTIONS[action ?? ''];

if (isMainThread && point && act) {
  let times = 0;
  const reach = (): void => {
    times += 1;
    if (times === Number(time)) act();
  };
  globalThis.failpoint = ({ prototype }) => {
    const real = prototype[point.method]!;
    prototype[point.method] = async function through(...args) {
      if (point.when === 'before') reach();
      const result = await real.apply(this, args);
      if (point.when === 'after') reach();
      return result;
    };
  };
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!loaded.source) return loaded;
      const source =
        typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
      // The bundle names each file before what it had.
      if (!source.includes(`\n// dist/libs/${point.file}\n`)) return loaded;
      return { ...loaded, source: `${source}\nglobalThis.failpoint(${point.class});\n` };
    },
  });
}
