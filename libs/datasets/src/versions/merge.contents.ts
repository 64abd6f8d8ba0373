import { type Issue, showId, VaultError } from '#kernel';
import type { StoredVersion } from '../record-version.entity.ts';
import type { KnownRules, RecordRulesOf } from '../schemas/record.rules.ts';
import type { StoredRecords } from '../schemas/stored.records.ts';
import { attributesJson } from '../writes/attributes.ts';
import type { Change } from '../writes/change.ts';
import type { RecordSealer, Sealed, SealedSegment, ToSeal } from '../writes/record.sealer.ts';
import type { PlannedChange } from './merge.planner.ts';

export interface MadeChanges {
  changes: Change[];
  segments: SealedSegment[];
  /** Of the dataset, by which all of it was looked at. */
  by: KnownRules;
}

/** What a merge brings: content that came about by merging is sealed, all other stays where it lies. */
export class MergeContents {
  constructor(
    private readonly sealer: RecordSealer,
    private readonly rules: Pick<RecordRulesOf, 'fresh'>,
    private readonly stored: Pick<StoredRecords, 'mustFit' | 'unfitAmong'>,
  ) {}

  /** @throws SchemaMismatch, MetadataPersonal */
  async made(tenantId: string, datasetId: string, planned: readonly PlannedChange[]): Promise<MadeChanges> {
    const by = await this.rules.fresh(tenantId, datasetId);
    // What is taken over as it lies may be older than the schema.
    if (by.rules) await this.stored.mustFit(tenantId, by.rules, takenOver(planned));
    return { ...(await this.sealed(tenantId, datasetId, planned, by)), by };
  }

  /** What would be made, and what the schema would say of it. Nothing is stored. */
  async foreseen(
    tenantId: string,
    datasetId: string,
    planned: readonly PlannedChange[],
  ): Promise<{ changes: Change[]; issues: Issue[] }> {
    const { rules, traces } = await this.rules.fresh(tenantId, datasetId);
    const stored = rules ? await this.stored.unfitAmong(tenantId, rules, takenOver(planned)) : { issues: [] };
    const fresh = planned.filter((change) => 'body' in change);
    const looked = await this.sealer.look(tenantId, datasetId, toSealOf(fresh), { check: rules, traces });
    const issues: Issue[] = [...stored.issues];
    const misfits: NewContent[] = [];
    const changes = planned.flatMap((change) => ('body' in change ? [] : [change]));
    for (const [i, change] of fresh.entries()) {
      const place = looked[i]!;
      if (!(place instanceof VaultError)) {
        changes.push(withPlace(change, place));
        continue;
      }
      misfits.push(change);
      issues.push(...issuesOf(change, place));
    }
    // What the schema refused was not scanned, and gates have something to say of it too.
    const scanned = await this.sealer.look(tenantId, datasetId, toSealOf(misfits), { check: null, traces });
    const others = misfits.flatMap((change, i) => {
      const place = scanned[i]!;
      return place instanceof VaultError ? [] : [withPlace(change, place)];
    });
    return { changes: [...changes, ...others], issues };
  }

  /** Takes away what no row came to name. */
  discard(segments: readonly SealedSegment[]): Promise<void> {
    return this.sealer.discard(segments);
  }

  private async sealed(
    tenantId: string,
    datasetId: string,
    planned: readonly PlannedChange[],
    { rules: check, traces }: KnownRules,
  ): Promise<Omit<MadeChanges, 'by'>> {
    const { segments, records } = await this.sealer.seal(tenantId, datasetId, toSealOf(planned), { check, traces });
    const at = records.findIndex((each) => each instanceof VaultError);
    const refused = records[at];
    if (refused instanceof VaultError) {
      await this.sealer.discard(segments);
      throw refused.with({ issues: issuesOf(planned.filter((change) => 'body' in change)[at]!, refused) });
    }
    let next = 0;
    const changes = planned.map((change): Change => {
      if (!('body' in change)) return change;
      const place = records[next++]!;
      if (place instanceof VaultError) throw place;
      return withPlace(change, place);
    });
    return { changes, segments };
  }
}

type NewContent = Exclude<PlannedChange, Change>;

function withPlace({ recordId, before, body }: NewContent, place: Exclude<Sealed, VaultError>): Change {
  return { recordId, before, after: { ...place, ...body.attributes } };
}

/** Of one of many records: which one it is stands before the place in it. */
function issuesOf({ recordId }: NewContent, { issues = [] }: VaultError): Issue[] {
  return issues.map(({ pointer, detail }) => ({ pointer: `/${showId('rec', recordId)}${pointer}`, detail }));
}

/** In the order of the changes that have content of their own. */
function toSealOf(planned: readonly PlannedChange[]): ToSeal[] {
  return planned.flatMap((change) => {
    if (!('body' in change)) return [];
    const { line, attributes } = change.body;
    return [{ line, attributes: attributesJson(attributes) }];
  });
}

function takenOver(planned: readonly PlannedChange[]): StoredVersion[] {
  return planned.flatMap((change) => {
    const findings = 'body' in change ? null : change.after?.findings;
    return findings && !Array.isArray(findings) ? [findings.of] : [];
  });
}
