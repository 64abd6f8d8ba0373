import type { Audit, AuditActor } from '#audit';
import { ENTRY_PAGE, type StoredEvent } from '#audit-chain';
import type { Database } from '#database';
import { BadCursor, fromCursor, isUuid, type Page, showId, toCursor } from '#kernel';
import type { Bundles } from './bundles.ts';
import type { ChainRepository, StoredEntry } from './chain.repository.ts';
import type { ChainReport, ChainVerification } from './chain.verification.ts';
import type { CheckpointRepository, SignedCheckpoint } from './checkpoint.repository.ts';
import type { EventFilter, EventPosition, EventRepository, ListedEvent } from './event.repository.ts';
import type { Sealer } from './sealer.ts';

export interface AuditTrailParts {
  database: Database;
  audit: Audit;
  chain: ChainRepository;
  events: EventRepository;
  checkpoints: CheckpointRepository;
  bundles: Bundles;
  sealer: Sealer;
  verification: ChainVerification;
}

/** An entry whose event is there. */
export type TailedEvent = StoredEntry & StoredEvent;

export interface Tail {
  events: TailedEvent[];
  /** Where to go on. */
  after: number;
}

const LAST_FEW = 20;
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

  /**
   * Events as they are sealed, behind an entry: in the order of the chain, so that none is passed over which became
   * visible late. Only the first look, which gives the last few or those since a time, is told.
   */
  async tail(caller: AuditActor, { after, since }: { after?: number; since?: Date }): Promise<Tail> {
    const { database, sealer, chain } = this.#parts;
    const { tenantId } = caller;
    if (after === undefined) await database.inTenant(tenantId, () => this.#tell(caller, 'audit.read', { tail: true }));
    await sealer.seal(tenantId);
    return database.inTenant(tenantId, async () => {
      const last = (await chain.head(tenantId))?.seq ?? 0;
      const first = since ? ((await chain.firstSince(tenantId, since)) ?? last + 1) : last - LAST_FEW + 1;
      const entries = await chain.page(tenantId, after === undefined ? first : after + 1, ENTRY_PAGE);
      const events = entries.filter((entry): entry is TailedEvent => entry.id !== null);
      return { events, after: entries.at(-1)?.seq ?? after ?? last };
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
