import type { Gatekeeper } from '#auth';
import { type Principal, showId } from '#kernel';
import { RecordSamples } from '#pii-rules';
import type { RecordsService } from './records.service.ts';

/** Records for whoever tries a policy: read as any others are, with the right to and an audit row. */
export class KeptSamples extends RecordSamples {
  private readonly records: RecordsService;
  private readonly gatekeeper: Gatekeeper;

  constructor(records: RecordsService, gatekeeper: Gatekeeper) {
    super();
    this.records = records;
    this.gatekeeper = gatekeeper;
  }

  override async take(caller: Principal, datasetId: string, ref: string | undefined, limit: number): Promise<string[]> {
    await this.gatekeeper.demand(caller, 'record:read', { dataset: datasetId }, showId('ds', datasetId));
    const { items } = await this.records.list(caller, datasetId, { ref, limit });
    return items.map(({ content }) => content);
  }
}
