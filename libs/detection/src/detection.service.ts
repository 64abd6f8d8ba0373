import type { KeyService } from '#crypto';
import type { Principal } from '#kernel';
import { type PiiTypeInfo, piiTypes } from '#pii';
import type { AnonymizationChoice, AnonymizationChoices, AskChoice, PolicyRef, TenantRules } from '#pii-rules';
import type { WorkerPool } from '#workers';
import { detect } from './detect.ts';
import type { DetectionResult, DetectionTask, Input } from './detection.task.ts';

/** Port. Counts for the metrics. */
export abstract class DetectionCounters {
  abstract detected(type: string, count: number): void;
}

export interface AskDetection {
  input: Input;
  types?: string[];
  minConfidence?: number;
  locale?: string;
  offsets: DetectionTask['offsets'];
  explain: boolean;
}

export type AskAnonymization = Omit<AskDetection, 'types'> & AskChoice;

/** Less than this is scanned in well under a millisecond: quicker than handing it to a thread. */
const SHORT = 16 * 1024;
/** With a tenant's own types less is certain, and what is taken out is scanned again. */
const SHORT_FOR_MORE = 1024;

/** Scans what is sent along. Nothing of it is kept. */
export class DetectionService {
  constructor(
    private readonly pool: WorkerPool<DetectionTask, DetectionResult>,
    private readonly keys: KeyService,
    private readonly rules: TenantRules,
    private readonly choices: AnonymizationChoices,
    private readonly counters: DetectionCounters,
    private readonly minConfidence: number,
  ) {}

  /** The types there are for a caller: those of the product, and the tenant's own. */
  async types(caller: Principal): Promise<readonly PiiTypeInfo[]> {
    return [...piiTypes, ...(await this.rules.typesOf(caller.tenantId))];
  }

  /** @throws UnknownPiiType, WorkerBusy, WorkerTooSlow */
  async detect(caller: Principal, ask: AskDetection): Promise<DetectionResult> {
    const named = await this.rules.naming(caller.tenantId);
    return this.run(caller, this.taskOf(ask, named));
  }

  /** @throws PolicyNotFound, UnknownPiiType, UnknownStrategy, WorkerBusy, WorkerTooSlow */
  async anonymize(
    caller: Principal,
    ask: AskAnonymization,
  ): Promise<DetectionResult & { choice: AnonymizationChoice }> {
    const choice = await this.choices.of(caller, ask);
    return { choice, ...(await this.by(caller, choice, ask)) };
  }

  /** The same for several texts, one after the other, each with what became of it. */
  async compare(
    caller: Principal,
    ref: PolicyRef,
    inputs: readonly Input[],
    datasetId?: string,
  ): Promise<DetectionResult[]> {
    const choice = await this.choices.of(caller, { policy: ref });
    const results: DetectionResult[] = [];
    for (const input of inputs) {
      results.push(await this.by(caller, choice, { input, offsets: 'utf16', explain: false }, datasetId));
    }
    return results;
  }

  private async by(
    caller: Principal,
    { strategy, strategies, types, scanTypes, minConfidence }: AnonymizationChoice,
    ask: Omit<AskDetection, 'types'>,
    datasetId?: string,
  ): Promise<DetectionResult> {
    const task = this.taskOf(
      { ...ask, minConfidence: ask.minConfidence ?? minConfidence ?? undefined },
      (name) => name,
    );
    const hashKey = await this.keys.tenantSecret(caller.tenantId, 'pii-hash');
    const ownTypes = [...Object.keys(strategies), ...(types ?? [])];
    const anonymize = { strategy, strategies, types, hashKey, ownTypes, datasetId };
    return this.run(caller, { ...task, types: scanTypes ?? undefined, anonymize });
  }

  private taskOf(ask: AskDetection, named: (name: string) => string): Omit<DetectionTask, 'rules'> {
    return {
      input: ask.input,
      types: ask.types?.map(named),
      minConfidence: ask.minConfidence ?? this.minConfidence,
      locale: ask.locale,
      offsets: ask.offsets,
      explain: ask.explain,
      anonymize: null,
    };
  }

  private async run({ tenantId }: Principal, asked: Omit<DetectionTask, 'rules'>): Promise<DetectionResult> {
    const task: DetectionTask = { ...asked, rules: await this.rules.of(tenantId) };
    const isShort = lengthOf(task.input) <= (task.rules || task.anonymize ? SHORT_FOR_MORE : SHORT);
    const result = isShort ? detect(task) : await this.pool.run(task);
    const byType = Map.groupBy(
      result.detections.filter(({ allowed }) => allowed === undefined),
      ({ type }) => type,
    );
    for (const [type, detections] of byType) this.counters.detected(type, detections.length);
    return result;
  }
}

function lengthOf({ text, texts, json }: Input): number {
  return (texts ?? []).reduce((sum, each) => sum + each.length, (text ?? json ?? '').length);
}
