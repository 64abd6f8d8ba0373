import type { Clock } from '#kernel';
import type { AccessEpochs } from './access-epochs.ts';
import { Unauthorized } from './auth.errors.ts';

/** How long rights may lag behind a store that was changed by hand. */
const RIGHTS_MS = 5_000;
const KEPT = 10_000;

interface Loading<T> {
  epoch: number;
  holder: Promise<T | null>;
}

interface Remembered<T> {
  holder: T;
  epoch: number;
  since: number;
}

/** Who holds a credential: remembered for seconds, and forgotten as soon as a right of the tenant was taken away. */
export class AccessCache<T> {
  private readonly remembered = new Map<string, Remembered<T>>();
  /** All who come with a credential in the moment in which it is looked at anew wait for one look. */
  private readonly loading = new Map<string, Loading<T>>();

  constructor(
    private readonly epochs: AccessEpochs,
    private readonly clock: Clock,
  ) {}

  /** @throws Unauthorized when `load` finds nobody */
  async holder(tenantId: string, credential: string, load: () => Promise<T | null>): Promise<T> {
    const key = `${tenantId} ${credential}`;
    // The number first: what is loaded after it cannot be older than it.
    const epoch = await this.epochs.current(tenantId);
    const now = this.clock.now().getTime();
    const known = this.remembered.get(key);
    // A clock that was set back makes nothing last longer.
    if (known?.epoch === epoch && now >= known.since && now - known.since < RIGHTS_MS) return known.holder;
    this.remembered.delete(key);
    const under = this.loading.get(key);
    // One that began under another number may have seen what was taken back since.
    const holder = await (under?.epoch === epoch ? under.holder : this.load(key, { epoch, since: now }, load));
    if (holder === null) throw new Unauthorized();
    return holder;
  }

  private load(key: string, at: Omit<Remembered<T>, 'holder'>, load: () => Promise<T | null>): Promise<T | null> {
    const loading: Loading<T> = {
      epoch: at.epoch,
      holder: load()
        .then((holder) => {
          if (holder === null || this.loading.get(key) !== loading) return holder;
          if (this.remembered.size >= KEPT) this.remembered.clear();
          this.remembered.set(key, { holder, ...at });
          return holder;
        })
        .finally(() => {
          if (this.loading.get(key) === loading) this.loading.delete(key);
        }),
    };
    this.loading.set(key, loading);
    return loading.holder;
  }
}
