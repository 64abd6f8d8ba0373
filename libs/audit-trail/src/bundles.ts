import {
  bundleEndLine,
  bundleHeaderLine,
  checkpointLine,
  ENTRY_PAGE,
  entryLine,
  eventText,
  genesisOf,
  keyIdOf,
  signedBytesOfEnd,
  type StoredEvent,
} from '#audit-chain';
import type { SigningKeys } from '#crypto';
import type { Database } from '#database';
import { type Clock, showId } from '#kernel';
import type { ChainRepository, StoredEntry } from './chain.repository.ts';
import type { CheckpointRepository, SignedCheckpoint } from './checkpoint.repository.ts';

/** Entries `first` to `last`; none when `last` is smaller. */
export interface EntryRange {
  first: number;
  last: number;
}

/** Ranges of the chain as signed bundles, which somebody else can verify with a public key and nothing more. */
export class Bundles {
  readonly #database: Database;
  readonly #chain: ChainRepository;
  readonly #checkpoints: CheckpointRepository;
  readonly #signing: SigningKeys;
  readonly #clock: Clock;

  constructor(
    database: Database,
    chain: ChainRepository,
    checkpoints: CheckpointRepository,
    signing: SigningKeys,
    clock: Clock,
  ) {
    this.#database = database;
    this.#chain = chain;
    this.#checkpoints = checkpoints;
    this.#signing = signing;
    this.#clock = clock;
  }

  /** What was sealed from one time up to, not including, another. Ranges that follow each other leave nothing out. */
  range(tenantId: string, from?: Date, to?: Date): Promise<EntryRange> {
    return this.#database.inTenant(tenantId, async () => {
      const behind = ((await this.#chain.head(tenantId))?.seq ?? 0) + 1;
      const first = from ? ((await this.#chain.firstSince(tenantId, from)) ?? behind) : 1;
      const end = to ? ((await this.#chain.firstSince(tenantId, to)) ?? behind) : behind;
      return { first, last: Math.max(first, end) - 1 };
    });
  }

  /** The bundle in pieces of up to some hundred entries. What was removed from under the chain is exported as removed. */
  async *pieces(tenantId: string, { first, last }: EntryRange): AsyncGenerator<string> {
    const tenant = showId('ten', tenantId);
    const prev = await this.#before(tenantId, first);
    yield `${bundleHeaderLine({ tenant, first, prev })}\n`;
    let head = prev;
    let checkpoints = 0;
    for (let from = first; from <= last; from += ENTRY_PAGE) {
      const to = Math.min(last, from + ENTRY_PAGE - 1);
      const { entries, signed } = await this.#read(tenantId, from, to);
      head = entries.at(-1)?.hash ?? head;
      checkpoints += signed.length;
      yield linesOf(entries, signed);
    }
    const signer = await this.#signing.current();
    const at = this.#clock.now().toISOString();
    const end = { tenant, first, last, prev, head, checkpoints, at, key: keyIdOf(signer.publicKey) };
    yield `${bundleEndLine(end, signer.sign(signedBytesOfEnd(end)))}\n`;
  }

  #read(tenantId: string, from: number, to: number): Promise<{ entries: StoredEntry[]; signed: SignedCheckpoint[] }> {
    return this.#database.inTenant(tenantId, async () => ({
      entries: (await this.#chain.page(tenantId, from, to - from + 1)).filter(({ seq }) => seq <= to),
      // There are at most as many as entries.
      signed: await this.#checkpoints.among(tenantId, from, to, ENTRY_PAGE),
    }));
  }

  #before(tenantId: string, first: number): Promise<string> {
    return this.#database.inTenant(tenantId, async () => {
      const [found] = first > 1 ? await this.#chain.page(tenantId, first - 1, 1) : [];
      return found?.hash ?? genesisOf(showId('ten', tenantId));
    });
  }
}

function linesOf(entries: readonly StoredEntry[], signed: readonly SignedCheckpoint[]): string {
  const behind = Map.groupBy(signed, ({ checkpoint }) => checkpoint.count);
  return entries
    .flatMap((entry) => [
      entryLine({ ...entry, event: eventOf(entry) }),
      ...(behind.get(entry.seq) ?? []).map(({ checkpoint, signature }) => checkpointLine(checkpoint, signature)),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** The event of an entry as text; an empty object, which has no entry's hash, where it is gone. */
export function eventOf(entry: StoredEntry): string {
  return entry.id === null ? '{}' : eventText(entry as StoredEvent);
}
