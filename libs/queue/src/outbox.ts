import { type Database, EntityRows } from '#database';
import { newId } from '#kernel';
import { OutboxEvent } from './outbox-event.entity.ts';

/** Tells what happened in the transaction it happened in, so that neither is ever there without the other. */
export class Outbox {
  private readonly rows: EntityRows<OutboxEvent>;

  constructor(database: Database) {
    this.rows = new EntityRows(database, OutboxEvent);
  }

  /** Must run inside a transaction of the tenant. */
  tell(tenantId: string, topic: string, payload: Record<string, unknown>): Promise<void> {
    return this.tellAll(tenantId, topic, [payload]);
  }

  /** The same of several, in their order. */
  async tellAll(tenantId: string, topic: string, payloads: readonly Record<string, unknown>[]): Promise<void> {
    await this.rows.insert(payloads.map((payload) => ({ id: newId(), tenantId, topic, payload })));
  }
}
