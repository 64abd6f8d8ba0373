import type { UserRepository } from '#auth';
import type { Database } from '#database';
import type { RecordRepository } from './record.repository.ts';

/** How much is stored, over all tenants: each is asked for its own, as nobody may see the rows of all. */
export class StoredBytes {
  constructor(
    private readonly database: Database,
    private readonly tenants: Pick<UserRepository, 'tenants'>,
    private readonly records: RecordRepository,
  ) {}

  async total(): Promise<number> {
    let bytes = 0;
    for (const { id } of await this.tenants.tenants()) {
      bytes += await this.database.inTenant(id, () => this.records.sealedBytes());
    }
    return bytes;
  }
}
