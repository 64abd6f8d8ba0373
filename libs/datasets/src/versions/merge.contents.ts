import { VaultError } from '#kernel';
import type { StoredVersion } from '../record-version.entity.ts';
import type { RecordRules } from '../schemas/record.check.ts';
import type { RecordRulesOf } from '../schemas/record.rules.ts';
import type { StoredRecords } from '../schemas/stored.records.ts';
import { attributesJson } from '../writes/attributes.ts';
import type { Change } from '../writes/change.ts';
import type { RecordSealer, SealedSegment } from '../writes/record.sealer.ts';
import type { PlannedChange } from './merge.planner.ts';

export interface MadeChanges {
  changes: Change[];
  segments: SealedSegment[];
  /** Of the dataset, by which all of it was looked at. */
  schemaVersion: number;
}

/** What a merge brings: content that came about by merging is sealed, all other stays where it lies. */
export class MergeContents {
  constructor(
    private readonly sealer: RecordSealer,
    private readonly rules: Pick<RecordRulesOf, 'fresh'>,
    private readonly stored: Pick<StoredRecords, 'mustFit'>,
  ) {}

  /** @throws SchemaMismatch, MetadataPersonal */
  async made(tenantId: string, datasetId: string, planned: readonly PlannedChange[]): Promise<MadeChanges> {
    const { version: schemaVersion, rules } = await this.rules.fresh(tenantId, datasetId);
    // What is taken over as it lies may be older than the schema.
    if (rules) await this.stored.mustFit(tenantId, rules, takenOver(planned));
    return { ...(await this.sealed(tenantId, datasetId, planned, rules)), schemaVersion };
  }

  /** Takes away what no row came to name. */
  discard(segments: readonly SealedSegment[]): Promise<void> {
    return this.sealer.discard(segments);
  }

  private async sealed(
    tenantId: string,
    datasetId: string,
    planned: readonly PlannedChange[],
    check: RecordRules | null,
  ): Promise<Omit<MadeChanges, 'schemaVersion'>> {
    const bodies = planned.flatMap((change) => ('body' in change ? change.body : []));
    const toSeal = bodies.map(({ line, attributes }) => ({ line, attributes: attributesJson(attributes) }));
    const { segments, records } = await this.sealer.seal(tenantId, datasetId, toSeal, check);
    const refused = records.find((each) => each instanceof VaultError);
    if (refused instanceof VaultError) {
      await this.sealer.discard(segments);
      throw refused;
    }
    const changes = planned.map((change): Change => {
      if (!('body' in change)) return change;
      const place = records[bodies.indexOf(change.body)]!;
      if (place instanceof VaultError) throw place;
      return { recordId: change.recordId, before: change.before, after: { ...place, ...change.body.attributes } };
    });
    return { changes, segments };
  }
}

function takenOver(planned: readonly PlannedChange[]): StoredVersion[] {
  return planned.flatMap((change) => {
    const findings = 'body' in change ? null : change.after?.findings;
    return findings && !Array.isArray(findings) ? [findings.of] : [];
  });
}
