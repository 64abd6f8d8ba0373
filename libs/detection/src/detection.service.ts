import type { KeyService } from '#crypto';
import type { Principal } from '#kernel';
import { type PiiTypeInfo, piiTypes, strategyNamed } from '#pii';
import type { TenantRules } from '#pii-rules';
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

export interface AskAnonymization extends AskDetection {
  strategy: string;
  strategies?: Record<string, string>;
}

/** Less than this is scanned in well under a millisecond: quicker than handing it to a thread. */
const SHORT = 16 * 1024;
/** With a tenant's own types less is certain. */
const SHORT_BY_RULES = 1024;

/** Scans what is sent along. Nothing of it is kept. */
export class DetectionService {
  constructor(
    private readonly pool: WorkerPool<DetectionTask, DetectionResult>,
    private readonly keys: KeyService,
    private readonly rules: TenantRules,
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

  /** @throws UnknownPiiType, UnknownStrategy, WorkerBusy, WorkerTooSlow */
  async anonymize(caller: Principal, ask: AskAnonymization): Promise<DetectionResult> {
    const named = await this.rules.naming(caller.tenantId);
    const strategies = Object.fromEntries(
      Object.entries(ask.strategies ?? {}).map(([type, strategy]) => [named(type), strategyNamed(strategy)]),
    );
    const task = this.taskOf(ask, named);
    const strategy = strategyNamed(ask.strategy);
    const hashKey = await this.keys.tenantSecret(caller.tenantId, 'pii-hash');
    return this.run(caller, {
      ...task,
      anonymize: { strategy, strategies, hashKey, ownTypes: Object.keys(strategies) },
    });
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
    const isShort = lengthOf(task.input) <= (task.rules ? SHORT_BY_RULES : SHORT);
    const result = isShort ? detect(task) : await this.pool.run(task);
    const byType = Map.groupBy(result.detections, ({ type }) => type);
    for (const [type, detections] of byType) this.counters.detected(type, detections.length);
    return result;
  }
}

function lengthOf({ text, texts, json }: Input): number {
  return (texts ?? []).reduce((sum, each) => sum + each.length, (text ?? json ?? '').length);
}
