import { fsyncSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** WASI's number for a failed read or write; PostgreSQL stops rather than go on after one. */
const EIO = 29;

type Init = NodeFS['init'];
interface Mounted {
  NODEFS: { stream_ops: { fsync?: (stream: { nfd?: number }) => number } };
}

/**
 * The folder of the embedded database, with an fsync that reaches the disk. The one that comes with it does nothing,
 * so a commit would survive the end of the process, but not that of the machine.
 */
export class DurableFiles extends NodeFS {
  override async init(...[pglite, options]: Parameters<Init>): ReturnType<Init> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    const mount = (module: unknown): void => {
      (module as Mounted).NODEFS.stream_ops.fsync = ({ nfd }) => {
        try {
          if (nfd !== undefined) fsyncSync(nfd);
          return 0;
        } catch {
          return EIO;
        }
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, mount] } };
  }
}
