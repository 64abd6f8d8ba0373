import { pino, type Logger } from 'pino';
import { currentContext, Log, type LogFields } from '#kernel';
import { version } from '../version.ts';
import { loggedError } from './logged-error.ts';

/** The only names that reach the stream. A list of what is hidden would be one field short one day. */
const FIELDS = new Set([
  'event_type',
  'result',
  'actor',
  'method',
  'action',
  'resource',
  'reason',
  'policy',
  'path',
  'status',
  'ms',
  'ip',
  'request_id',
  'error',
  'job_id',
  'import_id',
  'count',
  'records',
  'bytes',
  'key_id',
  'setting',
  'migrations',
  'pending',
  'url',
  'signal',
  'context',
  'file',
  'initial_password',
  'component',
  'class',
]);

/** JSON lines on stdout, levels as words. Each line carries the id of the request it belongs to. */
export class PinoLog extends Log {
  private readonly pino: Logger;

  constructor(level: string) {
    super();
    this.pino = pino({
      level,
      base: { service: 'vault-server', version },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Made ready before it comes here; pino's own would write the class of that object over the name of the error.
      serializers: { err: (logged: unknown) => logged },
    });
  }

  override debug(fields: LogFields, message: string): void {
    if (this.pino.isLevelEnabled('debug')) this.pino.debug(allowed(fields), message);
  }
  override info(fields: LogFields, message: string): void {
    this.pino.info(allowed(fields), message);
  }
  override warn(fields: LogFields, message: string): void {
    this.pino.warn(allowed(fields), message);
  }
  override error(fields: LogFields, message: string): void {
    this.pino.error(allowed(fields), message);
  }
}

function allowed(fields: LogFields): LogFields {
  const kept: LogFields = {};
  const requestId = currentContext()?.requestId;
  if (requestId) kept['request_id'] = requestId;
  for (const [name, value] of Object.entries(fields)) {
    if (FIELDS.has(name)) kept[name] = value;
    else if (name === 'err') kept['err'] = loggedError(value);
  }
  return kept;
}
