import type { Log } from '#kernel';

/**
 * Puts what Node itself would print on stderr into the log, so that every line of the process is JSON. An error that
 * nobody caught ends the process: what it left half done is not known, and the next start cleans up.
 */
export function logProcessEvents(log: Log): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) =>
    log.warn({ event_type: 'process', error: 'NODE_WARNING', err: warning }, 'Node warns'),
  );
  process.on('uncaughtException', (error) => die(log, error, 'UNCAUGHT_EXCEPTION'));
  process.on('unhandledRejection', (reason) => die(log, reason, 'UNHANDLED_REJECTION'));
}

function die(log: Log, err: unknown, error: string): never {
  log.error({ event_type: 'process', error, err }, 'the process ends because of an error that nobody caught');
  process.exit(70);
}
