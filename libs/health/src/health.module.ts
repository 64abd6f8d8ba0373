import { type DynamicModule, Module } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { Tokens } from '#auth';
import { KeyManagement } from '#crypto';
import { Database, Migrator } from '#database';
import { Clock, providedBy } from '#kernel';
import { MaintenanceMode } from '#maintenance';
import { BlobStore } from '#storage';
import { RateLimitStore } from '#throttling';
import { HealthController } from './http/health.controller.ts';
import { Readiness } from './readiness.ts';
import { vaultProbes } from './vault.probes.ts';
import { VaultVersion } from './vault.version.ts';
import { Vitals } from './vitals.ts';

export interface HealthOptions {
  version: string;
}

/** Answers `/health…`. All that is looked at comes from the application, which opens and drains `Readiness`. */
@Module({})
export class HealthModule {
  static forRoot({ version }: HealthOptions): DynamicModule {
    return {
      module: HealthModule,
      // It would log a line of its own for each failed probe, with what the failure said.
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [
        Readiness,
        { provide: VaultVersion, useValue: new VaultVersion(version) },
        providedBy(
          Vitals,
          [
            Database,
            Migrator,
            BlobStore,
            KeyManagement,
            RateLimitStore,
            Tokens,
            MaintenanceMode,
            Clock,
            Readiness,
            HealthCheckService,
            HealthIndicatorService,
          ],
          (database, migrator, blobs, kms, limits, tokens, maintenance, clock, readiness, checks, indicators) =>
            new Vitals({
              probes: vaultProbes({ database, migrator, blobs, kms, limits, tokens, maintenance, clock }),
              readiness,
              checks,
              indicators,
            }),
        ),
      ],
      exports: [Readiness],
    };
  }
}
