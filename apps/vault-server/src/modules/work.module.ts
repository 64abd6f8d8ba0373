import { type DynamicModule, Module } from '@nestjs/common';
import type { MaintenanceMode } from '#maintenance';
import { JobQueue, WorkGate } from '#queue';

/** Under maintenance no work begins. */
export class MaintenanceGate extends WorkGate {
  private readonly mode: MaintenanceMode;

  constructor(mode: MaintenanceMode) {
    super();
    this.mode = mode;
  }

  override get isOpen(): boolean {
    return !this.mode.isOn;
  }

  override passed(signal: AbortSignal): Promise<void> {
    return this.mode.over(signal);
  }
}

/** Work for later. */
@Module({})
export class WorkModule {
  static forRoot(queue: JobQueue, gate: WorkGate): DynamicModule {
    const providers = [
      { provide: JobQueue, useValue: queue },
      { provide: WorkGate, useValue: gate },
    ];
    return { module: WorkModule, global: true, providers, exports: [JobQueue, WorkGate] };
  }
}
