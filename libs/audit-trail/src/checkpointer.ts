import { checkpointHash, keyIdOf, noCheckpoint, signedBytesOfCheckpoint } from '#audit-chain';
import type { Signer, SigningKeys } from '#crypto';
import type { Database } from '#database';
import { showId } from '#kernel';
import type { ChainRepository } from './chain.repository.ts';
import type { CheckpointRepository } from './checkpoint.repository.ts';

export interface CheckpointLimits {
  /** The most entries that stand without a checkpoint behind them … */
  entries: number;
  /** … and for how long. */
  seconds: number;
}

/** Signs how long the chain is, and what it ends with. */
export class Checkpointer {
  readonly #database: Database;
  readonly #chain: ChainRepository;
  readonly #checkpoints: CheckpointRepository;
  readonly #signing: SigningKeys;
  readonly #limits: CheckpointLimits;

  constructor(
    database: Database,
    chain: ChainRepository,
    checkpoints: CheckpointRepository,
    signing: SigningKeys,
    limits: CheckpointLimits,
  ) {
    this.#database = database;
    this.#chain = chain;
    this.#checkpoints = checkpoints;
    this.#signing = signing;
    this.#limits = limits;
  }

  /** Makes a checkpoint when one is due, and says whether it did. */
  async check(tenantId: string): Promise<boolean> {
    if (!(await this.#database.inTenant(tenantId, () => this.#isDue(tenantId)))) return false;
    // Before the transaction: getting a key may take asking somebody else.
    const signer = await this.#signing.current();
    return this.#database.inTenant(tenantId, async () => {
      if (!(await this.#chain.lock(tenantId)) || !(await this.#isDue(tenantId))) return false;
      await this.#make(tenantId, signer);
      return true;
    });
  }

  async #isDue(tenantId: string): Promise<boolean> {
    const last = await this.#checkpoints.last(tenantId);
    const { entries, seconds } = await this.#checkpoints.progress(tenantId, last?.checkpoint.count ?? 0);
    return entries > 0 && (entries >= this.#limits.entries || seconds >= this.#limits.seconds);
  }

  async #make(tenantId: string, signer: Signer): Promise<void> {
    const tenant = showId('ten', tenantId);
    const [last, head] = [await this.#checkpoints.last(tenantId), (await this.#chain.head(tenantId))!];
    const { now } = await this.#checkpoints.progress(tenantId, head.seq);
    const checkpoint = {
      tenant,
      number: (last?.checkpoint.number ?? 0) + 1,
      count: head.seq,
      head: head.hash,
      at: now,
      previous: last ? checkpointHash(last.checkpoint) : noCheckpoint(tenant),
      key: keyIdOf(signer.publicKey),
    };
    const signature = signer.sign(signedBytesOfCheckpoint(checkpoint));
    await this.#checkpoints.insert(tenantId, { checkpoint, signature });
  }
}
