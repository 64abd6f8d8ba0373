import type { HealthCheckService, HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { Component } from './probe.ts';
import type { Readiness } from './readiness.ts';
import type { Probes } from './vault.probes.ts';

/** Without these there is nothing the vault can do; without the others it is worse, and still there. */
const ESSENTIAL: readonly string[] = ['database', 'storage'];

export interface VitalsReport {
  status: Component['status'];
  components: Record<string, Component>;
}

export interface VitalsParts {
  probes: Probes;
  readiness: Readiness;
  /** Terminus adds up what the indicators say, and fails all once the application is shutting down. */
  checks: HealthCheckService;
  indicators: HealthIndicatorService;
}

/** How the vault is as a whole, from how its parts are. */
export class Vitals {
  private readonly parts: VitalsParts;

  constructor(parts: VitalsParts) {
    this.parts = parts;
  }

  /** Whether the essential parts are there. */
  async canServe(): Promise<boolean> {
    return (await this.statusOf(await this.look(ESSENTIAL))) !== 'unhealthy';
  }

  /** Whether requests may be sent here now. */
  async isReady(): Promise<boolean> {
    const { readiness } = this.parts;
    // Asked twice: a drain may begin while the parts are looked at, and must not be answered by "ready".
    return readiness.isOpen && (await this.canServe()) && readiness.isOpen;
  }

  async report(): Promise<VitalsReport> {
    const components = await this.look(Object.keys(this.parts.probes));
    return { status: await this.statusOf(components), components };
  }

  /** Each once, so that what is said of the whole is said of the very parts that are shown. */
  private async look(names: readonly string[]): Promise<Record<string, Component>> {
    const seen = await Promise.all(names.map(async (name) => [name, await this.parts.probes[name]!.look()] as const));
    return Object.fromEntries(seen);
  }

  private statusOf(components: Record<string, Component>): Promise<Component['status']> {
    const indicators = Object.entries(components).map(
      ([name, component]) =>
        () =>
          this.indicate(name, component),
    );
    return this.parts.checks.check(indicators).then(
      ({ status }) => (status === 'ok' ? 'healthy' : 'degraded'),
      () => 'unhealthy',
    );
  }

  private indicate(name: string, { status }: Component): HealthIndicatorResult {
    const indicator = this.parts.indicators.check(name);
    if (status === 'healthy') return indicator.up();
    return status === 'unhealthy' && ESSENTIAL.includes(name) ? indicator.down() : indicator.degraded();
  }
}
