import type { Classification } from './rule.ts';

/** Port. What has to be known of datasets before one can say who may do something with them. */
export abstract class DatasetDirectory {
  /** Null when the tenant has no such dataset. Runs in a transaction of the tenant. */
  abstract classificationOf(id: string): Promise<Classification | null>;
  /** Throws what the room that keeps datasets says of one that is not there. Runs in a transaction of the tenant. */
  abstract mustExist(id: string): Promise<void>;
}
