import type { Principal } from '#kernel';

/** Port. Records to try a policy on; whoever keeps them asks for the right to read, and writes down that they were read. */
export abstract class RecordSamples {
  /** JSON texts of the first records at a ref. @throws Forbidden, and what the room of datasets says of one that is not there */
  abstract take(caller: Principal, datasetId: string, ref: string | undefined, limit: number): Promise<string[]>;
}
