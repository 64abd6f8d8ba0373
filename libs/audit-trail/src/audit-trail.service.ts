import type { Audit, AuditActor } from '#audit';
import type { Database } from '#database';
import { BadCursor, fromCursor, isUuid, type Page, showId, toCursor } from '#kernel';
import type { Bundles } from './bundles.ts';
import type { ChainReport, ChainVerification } from './chain.verification.ts';
import type { CheckpointRepository, SignedCheckpoint } from './checkpoint.repository.ts';
import type { EventFilter, EventPosition, EventRepository, ListedEvent } from './event.repository.ts';
import type { Sealer } from './sealer.ts';

export interface AuditTrailParts {
  database: Database;
  audit: Audit;
  events: EventRepository;
  checkpoints: CheckpointRepository;
  bundles: Bundles;
  sealer: Sealer;
  verification: ChainVerification;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Reading the audit. Whoever does that is in it too, before they get to see anything. */
export class AuditTrail {
  readonly #parts: AuditTrailParts;

  constructor(parts: AuditTrailParts) {
    this.#parts = parts;
  }

  /** Newest first. @throws BadCursor */
  events(caller: AuditActor, filter: EventFilter, limit: number, cursor?: string): Promise<Page<ListedEvent>> {
    const { database, events } = this.#parts;
    const behind = cursor === undefined ? undefined : positionIn(cursor);
    return database.inTenant(caller.tenantId, async () => {
      const rows = await events.page(caller.tenantId, filter, limit + 1, behind);
      const items = rows.slice(0, limit);
      await this.#tell(caller, 'audit.read', { events: items.length, filters: Object.keys(filter).join(' ') });
      const last = items.at(-1);
      return { items, nextCursor: rows.length > limit ? toCursor([last!.at, last!.id]) : null };
    });
  }

  /** Newest first. @throws BadCursor */
  checkpoints(caller: AuditActor, limit: number, cursor?: string): Promise<Page<SignedCheckpoint>> {
    const { database, checkpoints } = this.#parts;
    const before = cursor === undefined ? null : numberIn(cursor);
    return database.inTenant(caller.tenantId, async () => {
      const rows = await checkpoints.page(caller.tenantId, limit + 1, before);
      const items = rows.slice(0, limit);
      await this.#tell(caller, 'audit.checkpoints', { checkpoints: items.length });
      return { items, nextCursor: rows.length > limit ? toCursor([items.at(-1)!.checkpoint.number]) : null };
    });
  }

  /** A signed bundle of what was sealed in that time, up to and with the row that tells of this export. */
  async export(caller: AuditActor, from?: Date, to?: Date): Promise<AsyncGenerator<string>> {
    const { database, sealer, bundles } = this.#parts;
    const details = { from: from?.toISOString() ?? null, to: to?.toISOString() ?? null };
    await database.inTenant(caller.tenantId, () => this.#tell(caller, 'audit.export', details));
    await sealer.sealAll(caller.tenantId);
    return bundles.pieces(caller.tenantId, await bundles.range(caller.tenantId, from, to));
  }

  async verify(caller: AuditActor): Promise<ChainReport> {
    const { database, verification } = this.#parts;
    await database.inTenant(caller.tenantId, () => this.#tell(caller, 'audit.verify'));
    return verification.verify(caller.tenantId);
  }

  /** Events as they come, oldest first; the position is where to go on. The first look is told, not each of them. */
  async tail(caller: AuditActor, filter: EventFilter, limit: number, after?: EventPosition): Promise<ListedEvent[]> {
    const { database, events } = this.#parts;
    return database.inTenant(caller.tenantId, async () => {
      if (after) return events.since(caller.tenantId, filter, limit, after);
      await this.#tell(caller, 'audit.read', { tail: true });
      if (filter.from) return events.since(caller.tenantId, filter, limit);
      return (await events.page(caller.tenantId, filter, limit)).reverse();
    });
  }

  #tell(
    caller: AuditActor,
    action: string,
    details: Record<string, string | number | boolean | null> = {},
  ): Promise<void> {
    return this.#parts.audit.append(caller, { action, resource: showId('ten', caller.tenantId), details });
  }
}

function positionIn(cursor: string): EventPosition {
  const [at, id] = fromCursor(cursor, 2) ?? [];
  if (typeof at !== 'string' || typeof id !== 'string' || !TIME.test(at) || !isUuid(id)) throw new BadCursor();
  return { at, id };
}

function numberIn(cursor: string): number {
  const [number] = fromCursor(cursor, 1) ?? [];
  if (!Number.isInteger(number) || Number(number) > 2 ** 31 - 1) throw new BadCursor();
  return Number(number);
}
