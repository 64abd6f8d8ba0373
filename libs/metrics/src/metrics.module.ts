import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock, Log, provided, providedBy } from '#kernel';
import { tellBuild } from './build.metrics.ts';
import { watchCertificate } from './certificate.metrics.ts';
import { HttpMetrics } from './http.metrics.ts';
import { MetricsListener, type MetricsListenerOptions } from './metrics.listener.ts';
import { collectProcess } from './process.metrics.ts';
import { ResourceMetrics } from './resource.metrics.ts';
import { VaultMetrics } from './vault.metrics.ts';

/** The library's own registry under a name that can be asked for: its type depends on the format it writes. */
class MetricsRegistry extends Registry {}

/** A registry, what is counted in it, and the second listener that shows it. `Clock` and `Log` come from the application. */
@Module({})
export class MetricsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(MetricsListener) private readonly listener: MetricsListener) {}

  static forRoot(options: MetricsListenerOptions & { version: string; certificateFile?: string }): DynamicModule {
    const registry = processRegistry();
    tellBuild(registry, options.version);
    if (options.certificateFile) watchCertificate(registry, options.certificateFile);
    return {
      module: MetricsModule,
      global: true,
      providers: [
        { provide: MetricsRegistry, useValue: registry },
        provided(HttpMetrics, [MetricsRegistry]),
        provided(VaultMetrics, [MetricsRegistry]),
        provided(ResourceMetrics, [MetricsRegistry, Clock]),
        providedBy(
          MetricsListener,
          [MetricsRegistry, Log],
          (registry, log) => new MetricsListener(registry, options, log),
        ),
      ],
      exports: [HttpMetrics, VaultMetrics, ResourceMetrics],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
  }

  /** After the API has closed: the last requests are still counted and seen. */
  async onApplicationShutdown(): Promise<void> {
    await this.listener.stop();
  }
}

function processRegistry(): MetricsRegistry {
  const registry = new MetricsRegistry();
  collectProcess(registry);
  return registry;
}
