import type { KeyService } from '#crypto';
import type { Principal } from '#kernel';
import { piiTypeNamed, strategyNamed } from '#pii';
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

/** Scans what is sent along. Nothing of it is kept. */
export class DetectionService {
  constructor(
    private readonly pool: WorkerPool<DetectionTask, DetectionResult>,
    private readonly keys: KeyService,
    private readonly counters: DetectionCounters,
    private readonly minConfidence: number,
  ) {}

  /** @throws UnknownPiiType, WorkerBusy, WorkerTooSlow */
  detect(ask: AskDetection): Promise<DetectionResult> {
    return this.run(this.taskOf(ask));
  }

  /** @throws UnknownPiiType, UnknownStrategy, WorkerBusy, WorkerTooSlow */
  async anonymize(caller: Principal, ask: AskAnonymization): Promise<DetectionResult> {
    const strategies = Object.entries(ask.strategies ?? {}).map(([type, strategy]) => [
      piiTypeNamed(type),
      strategyNamed(strategy),
    ]);
    const task = this.taskOf(ask);
    const strategy = strategyNamed(ask.strategy);
    const hashKey = await this.keys.tenantSecret(caller.tenantId, 'pii-hash');
    return this.run({
      ...task,
      anonymize: { strategy, strategies: Object.fromEntries(strategies) as Record<string, string>, hashKey },
    });
  }

  private taskOf(ask: AskDetection): DetectionTask {
    return {
      input: ask.input,
      types: ask.types?.map(piiTypeNamed),
      minConfidence: ask.minConfidence ?? this.minConfidence,
      locale: ask.locale,
      offsets: ask.offsets,
      explain: ask.explain,
      anonymize: null,
    };
  }

  private async run(task: DetectionTask): Promise<DetectionResult> {
    const result = lengthOf(task.input) <= SHORT ? detect(task) : await this.pool.run(task);
    const byType = Map.groupBy(result.detections, ({ type }) => type);
    for (const [type, detections] of byType) this.counters.detected(type, detections.length);
    return result;
  }
}

function lengthOf({ text, texts, json }: Input): number {
  return (texts ?? []).reduce((sum, each) => sum + each.length, (text ?? json ?? '').length);
}
