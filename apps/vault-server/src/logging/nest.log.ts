import type { LoggerService } from '@nestjs/common';
import type { Log } from '#kernel';

/** What the framework has to say, in our stream: its warnings and errors; the rest is for its own developers. */
export class NestLog implements LoggerService {
  private readonly ours: Log;

  constructor(ours: Log) {
    this.ours = ours;
  }

  log(): void {}

  warn(message: unknown, ...rest: unknown[]): void {
    this.ours.warn({ event_type: 'framework', context: rest.at(-1) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const fields = { event_type: 'framework', error: 'FRAMEWORK_ERROR', context: rest.at(-1) };
    this.ours.error(message instanceof Error ? { ...fields, err: message } : fields, 'the framework reports an error');
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}
