import type { Database } from '#database';
import { newId } from '#kernel';
import { OutboxEvent } from './outbox-event.entity.ts';

/** Tells what happened in the transaction it happened in, so that neither is ever there without the other. */
export class Outbox {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Must run inside a transaction of the tenant. */
  async tell(tenantId: string, topic: string, payload: Record<string, unknown>): Promise<void> {
    await this.database.repository(OutboxEvent).insert({ id: newId(), tenantId, topic, payload: payload as never });
  }
}
