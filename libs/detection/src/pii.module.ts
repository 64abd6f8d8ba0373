import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { KeyService } from '#crypto';
import { providedBy } from '#kernel';
import { AnonymizationChoices, TenantRules } from '#pii-rules';
import { WorkerPool } from '#workers';
import { DetectionCounters, DetectionService } from './detection.service.ts';
import type { DetectionResult, DetectionTask } from './detection.task.ts';
import { PiiController } from './http/pii.controller.ts';
import { PreviewsController } from './http/previews.controller.ts';

export interface PiiOptions {
  minConfidence: number;
}

const script = new URL(
  import.meta.url.endsWith('.ts') ? './detection.worker.ts' : './detection.worker.js',
  import.meta.url,
);
/** A text may be 1 MiB; what takes longer than this was made to be slow. */
const TIMEOUT_MS = 10_000;

/** Threads that scan what is sent along; its own token, as there are other pools. */
class DetectionPool extends WorkerPool<DetectionTask, DetectionResult> {}

@Module({})
export class PiiModule implements OnApplicationShutdown {
  constructor(@Inject(DetectionPool) private readonly pool: DetectionPool) {}

  static forRoot({ minConfidence }: PiiOptions): DynamicModule {
    return {
      module: PiiModule,
      controllers: [PiiController, PreviewsController],
      providers: [
        providedBy(
          DetectionPool,
          [],
          () => new DetectionPool(script, { size: 1, maxQueue: 100, timeoutMs: TIMEOUT_MS }),
        ),
        providedBy(
          DetectionService,
          [DetectionPool, KeyService, TenantRules, AnonymizationChoices, DetectionCounters],
          (pool, keys, rules, choices, counters) =>
            new DetectionService(pool, keys, rules, choices, counters, minConfidence),
        ),
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}
