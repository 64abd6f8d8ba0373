import type { KeyService } from '#crypto';
import type { Principal, VaultError } from '#kernel';
import type { AnonymizationChoice, AnonymizationChoices, AskChoice } from '#pii-rules';
import { anonymizeTask } from '../anonymize.choice.ts';
import { type Gate, gatesOf } from '../gates/gate.ts';
import { GateFailed } from '../gates/gate.errors.ts';
import { gated, HeldBack } from '../gates/gated.ts';
import { cut } from '../line-batches.ts';
import type { RecordReader } from '../record.reader.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { KnownRules } from '../schemas/record.rules.ts';
import { attributesOf } from '../writes/attributes.ts';
import type { Change } from '../writes/change.ts';
import type { RecordSealer, Sealed, SealedSegment } from '../writes/record.sealer.ts';

/** What is held back, sealed once more without the personal data that was found in it. */
export interface Redacted {
  choice: AnonymizationChoice;
  segments: SealedSegment[];
  /** By the leaf of what is held, in hex. */
  sealed: ReadonlyMap<string, Sealed>;
}

export interface RedactionParts {
  keys: Pick<KeyService, 'tenantSecret'>;
  reader: Pick<RecordReader, 'contents'>;
  sealer: Pick<RecordSealer, 'seal' | 'discard'>;
  choices: Pick<AnonymizationChoices, 'of'>;
}

/** Anonymizes records that are held back, on their way to the branches they were meant for. */
export class Redactions {
  constructor(private readonly parts: RedactionParts) {}

  /** Stores what comes of them, before there is a row that names it. @throws PolicyNotFound, UnknownStrategy, UnknownPiiType */
  async make(
    caller: Principal,
    datasetId: string,
    ask: AskChoice,
    { versions, by }: { versions: readonly StoredVersion[]; by: KnownRules },
  ): Promise<Redacted> {
    const { keys, reader, sealer, choices } = this.parts;
    const { tenantId } = caller;
    const choice = await choices.of(caller, ask);
    const made = { choice, segments: [] as SealedSegment[], sealed: new Map<string, Sealed>() };
    try {
      for (const some of cut(versions, ({ bytes }) => bytes)) {
        const hashKey = await keys.tenantSecret(tenantId, 'pii-hash');
        const task = { ...anonymizeTask(datasetId, choice), hashKey };
        const lines = await reader.contents(tenantId, some);
        // What is said of them was looked at when they came.
        const toSeal = lines.map((line) => ({ line, attributes: null }));
        const { segments, records } = await sealer.seal(tenantId, datasetId, toSeal, {
          check: by.rules,
          traces: by.traces,
          anonymize: task,
        });
        made.segments.push(...segments);
        for (const [i, { leaf }] of some.entries()) made.sealed.set(leaf.toString('hex'), records[i]!);
      }
    } catch (error) {
      await sealer.discard(made.segments);
      throw error;
    }
    return made;
  }

  /** Takes away what no row came to name. */
  discard({ segments }: Redacted): Promise<void> {
    return this.parts.sealer.discard(segments);
  }
}

/**
 * A release with what came of a record in its place; or why it stays held: what is still found in it the gates hold back or
 * block, or it is not what the schema asks for.
 */
export function redactedChange(
  { sealed }: Redacted,
  version: StoredVersion,
  change: Change,
  onto: { gates: readonly Gate[]; branch: string | null },
): Change | VaultError {
  const place = sealed.get(version.leaf.toString('hex'))!;
  if (!('segmentId' in place)) return place;
  const judged = gated(gatesOf(onto.gates, onto.branch), { ...change, after: { ...place, ...attributesOf(version) } });
  return judged instanceof HeldBack ? new GateFailed() : judged;
}
