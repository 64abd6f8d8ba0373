import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, Log } from '#kernel';

/** What every room may ask for: where to write, and what time it is. */
@Module({})
export class LogModule {
  static forRoot(log: Log, clock: Clock): DynamicModule {
    const providers = [
      { provide: Log, useValue: log },
      { provide: Clock, useValue: clock },
    ];
    return { module: LogModule, global: true, providers, exports: [Log, Clock] };
  }
}
