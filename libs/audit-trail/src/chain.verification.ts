import { timingSafeEqual } from 'node:crypto';
import { ChainCheck, checkpointHash, ENTRY_PAGE, type Flaw, type FlawKind, genesisOf, PublicKeys } from '#audit-chain';
import type { SigningKeys } from '#crypto';
import type { Database } from '#database';
import { showId } from '#kernel';
import type { Anchors } from './anchors.ts';
import { eventOf } from './bundles.ts';
import type { ChainRepository, StoredEntry } from './chain.repository.ts';
import type { CheckpointRepository, SignedCheckpoint } from './checkpoint.repository.ts';
import { macOf, type Sealer } from './sealer.ts';

export interface ChainReport {
  ok: boolean;
  tenant: string;
  /** How many entries are good, from the first on. */
  entries: number;
  checkpoints: number;
  /** Number of the newest checkpoint that the object storage holds too. */
  anchored: number | null;
  head: string;
  keys: string[];
  firstBadSeq: number | null;
  problem: FlawKind | null;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export interface VerificationParts {
  database: Database;
  chain: ChainRepository;
  checkpoints: CheckpointRepository;
  anchors: Anchors;
  sealer: Sealer;
  signing: SigningKeys;
}

/** Goes over the whole chain where it is kept, with everything an outsider cannot see: MACs, anchors, what is not sealed. */
export class ChainVerification {
  readonly #parts: VerificationParts;

  constructor(parts: VerificationParts) {
    this.#parts = parts;
  }

  /** @throws StorageUnavailable when the anchors cannot be read */
  async verify(tenantId: string): Promise<ChainReport> {
    const { sealer, signing } = this.#parts;
    await sealer.sealAll(tenantId);
    const tenant = showId('ten', tenantId);
    const keys = new PublicKeys(await signing.publicKeys());
    const check = new ChainCheck(tenant, 1, genesisOf(tenant), keys);
    const macKey = await sealer.macKey(tenantId);
    const last = await this.#parts.database.inTenant(tenantId, () => this.#parts.checkpoints.last(tenantId));
    const along = (await this.#along(tenantId, check, macKey)) ?? cutFlaw(check, last);
    const { flaw: unanchored, anchored } = await this.#anchored(tenantId, check.next);
    const flaw = along ?? unanchored ?? (await this.#skipped(tenantId));
    return {
      ok: flaw === null,
      tenant,
      entries: check.next - 1,
      checkpoints: check.checkpoints,
      anchored,
      head: check.head,
      keys: keys.ids,
      firstBadSeq: flaw?.seq ?? null,
      problem: flaw?.kind ?? null,
    };
  }

  async #along(tenantId: string, check: ChainCheck, macKey: Uint8Array): Promise<Flaw | null> {
    const { database, chain, checkpoints } = this.#parts;
    for (;;) {
      const from = check.next;
      // A page is a transaction of its own, so that a long chain holds up nobody.
      const { entries, signed } = await database.inTenant(tenantId, async () => ({
        entries: await chain.page(tenantId, from, ENTRY_PAGE),
        signed: await checkpoints.among(tenantId, from, from + ENTRY_PAGE - 1, ENTRY_PAGE),
      }));
      const flaw = pageFlaw(check, macKey, entries, signed);
      if (flaw) return flaw;
      if (entries.length < ENTRY_PAGE) return null;
    }
  }

  /** The newest anchor vouches for all checkpoints before it, as each holds the hash of the one before. */
  async #anchored(tenantId: string, next: number): Promise<{ flaw: Flaw | null; anchored: number | null }> {
    const { database, checkpoints, anchors } = this.#parts;
    const last = await database.inTenant(tenantId, () => checkpoints.last(tenantId));
    const newest = await anchors.newest(tenantId, last);
    if (!newest) return { flaw: null, anchored: null };
    const { number } = newest.checkpoint;
    const known = await database.inTenant(tenantId, () => checkpoints.number(tenantId, number));
    if (!known) return { flaw: { kind: 'truncated', seq: next }, anchored: number };
    const same = checkpointHash(known.checkpoint) === checkpointHash(newest.checkpoint);
    return { flaw: same ? null : { kind: 'anchor', seq: known.checkpoint.count }, anchored: number };
  }

  /** Events the sealer went past: who puts one in with a forged transaction number leaves this behind. */
  async #skipped(tenantId: string): Promise<Flaw | null> {
    const { database, chain } = this.#parts;
    for (let after: string | null = FIRST_ID; after;) {
      const from: string = after;
      const page = await database.inTenant(tenantId, async () => {
        const head = await chain.head(tenantId);
        return head && chain.skipped(tenantId, head.horizon, from, ENTRY_PAGE);
      });
      if (page && page.skipped > 0) return { kind: 'unsealed', seq: null };
      after = page?.last ?? null;
    }
    return null;
  }
}

function pageFlaw(
  check: ChainCheck,
  macKey: Uint8Array,
  entries: readonly StoredEntry[],
  signed: readonly SignedCheckpoint[],
): Flaw | null {
  const behind = Map.groupBy(signed, ({ checkpoint }) => checkpoint.count);
  for (const entry of entries) {
    const { prev, hash, mac, seq } = entry;
    if (entry.id === null) return { kind: 'missing', seq: check.next };
    if (seq === check.next && prev !== check.head) return { kind: 'edited', seq };
    const flaw = check.entry({ ...entry, event: eventOf(entry) });
    if (flaw) return flaw;
    if (!isMac(macKey, hash, mac)) return { kind: 'mac', seq };
    for (const { checkpoint, signature } of behind.get(seq) ?? []) {
      const broken = check.checkpoint(checkpoint, signature);
      if (broken) return broken;
    }
  }
  return null;
}

/** Whether the chain still reaches as far as the newest checkpoint says, and holds all of them. */
function cutFlaw(check: ChainCheck, last: SignedCheckpoint | null): Flaw | null {
  if (!last) return null;
  if (last.checkpoint.count >= check.next) return { kind: 'truncated', seq: check.next };
  return last.checkpoint.number > check.checkpoints ? { kind: 'checkpoint', seq: check.next } : null;
}

function isMac(key: Uint8Array, hash: string, mac: string): boolean {
  const [ours, theirs] = [Buffer.from(macOf(key, hash), 'hex'), Buffer.from(mac, 'hex')];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
