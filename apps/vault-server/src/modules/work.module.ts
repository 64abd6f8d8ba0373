import { type DynamicModule, Module } from '@nestjs/common';
import { JobQueue } from '#queue';

/** Work for later. */
@Module({})
export class WorkModule {
  static forRoot(queue: JobQueue): DynamicModule {
    const providers = [{ provide: JobQueue, useValue: queue }];
    return { module: WorkModule, global: true, providers, exports: [JobQueue] };
  }
}
