/** Facts of one event. The logger's allow list decides which names reach the stream. */
export type LogFields = Record<string, unknown>;

/** Port. One JSON line an event: the message is a constant, facts are fields, and no field holds what a user sent. */
export abstract class Log {
  abstract debug(fields: LogFields, message: string): void;
  abstract info(fields: LogFields, message: string): void;
  abstract warn(fields: LogFields, message: string): void;
  abstract error(fields: LogFields, message: string): void;
}

/** Says nothing: for tests, and for pure code run outside a server. */
export class SilentLog extends Log {
  override debug(): void {}
  override info(): void {}
  override warn(): void {}
  override error(): void {}
}
