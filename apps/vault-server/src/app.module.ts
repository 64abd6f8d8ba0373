import { type DynamicModule, Module } from '@nestjs/common';
import { AuditTrailModule } from '#audit-trail';
import { AuthModule } from '#auth';
import { DatasetsModule } from '#datasets';
import type { LoadedSettings } from '#config';
import { PiiModule } from '#detection';
import { HealthModule } from '#health';
import type { Log } from '#kernel';
import { type MaintenanceMode, MaintenanceModule } from '#maintenance';
import { MetricsModule } from '#metrics';
import { PiiRulesModule } from '#pii-rules';
import type { JobQueue, WorkGate } from '#queue';
import { ThrottlingModule } from '#throttling';
import { effectiveSettings } from './effective-settings.ts';
import { ProblemsController } from './http/problems.controller.ts';
import { SettingsController, ShownSettings } from './http/settings.controller.ts';
import { CountersModule } from './modules/counters.module.ts';
import { CryptoModule } from './modules/crypto.module.ts';
import { DatabaseModule } from './modules/database.module.ts';
import { LogModule } from './modules/log.module.ts';
import { StorageModule } from './modules/storage.module.ts';
import { WorkModule } from './modules/work.module.ts';
import type { Platform } from './platform.ts';
import { providerOf, type Settings } from './settings.ts';
import { limitedRoutes } from './limited-routes.ts';
import { version } from './version.ts';

/** What works under maintenance all the same: getting in, taking rights away, and what keeps nothing. */
const DURING_MAINTENANCE = [
  'PUT /api/v1/admin/maintenance',
  'POST /api/v1/admin/sessions/revoke-all',
  'DELETE /api/v1/api-keys/:id',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/logout',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/second-factor/sign-in',
  'DELETE /api/v1/auth/sessions',
  'DELETE /api/v1/auth/sessions/:id',
  'POST /api/v1/auth/token',
  'POST /api/v1/authz/explain',
  'POST /api/v1/pii/anonymize',
  'POST /api/v1/pii/detect',
  'POST /api/v1/users/:id/lock',
  'POST /api/v1/users/:id/revoke',
];

export interface AppParts {
  loaded: LoadedSettings<Settings>;
  platform: Platform;
  maintenance: MaintenanceMode;
  queue: JobQueue;
  gate: WorkGate;
  log: Log;
}

/** The one Nest application: every room's module, over what `openPlatform` has opened. */
@Module({})
export class AppModule {
  static forRoot({ loaded, platform, maintenance, queue, gate, log }: AppParts): DynamicModule {
    const { settings } = loaded;
    const minConfidence = settings.pii.min_confidence;
    return {
      module: AppModule,
      controllers: [ProblemsController, SettingsController],
      providers: [{ provide: ShownSettings, useValue: new ShownSettings(effectiveSettings(loaded)) }],
      imports: [
        LogModule.forRoot(log, platform.clock),
        DatabaseModule.forRoot(platform),
        CryptoModule.forRoot(platform),
        StorageModule.forRoot(platform.blobs),
        WorkModule.forRoot(queue, gate),
        MetricsModule.forRoot({
          host: settings.host,
          port: settings.telemetry.metrics_port,
          version,
          certificateFile: settings.telemetry.certificate_file,
        }),
        CountersModule,
        // Guards run in this order: what comes too often is turned away before anything is looked up for it.
        ThrottlingModule.forRoot({
          redisUrl: settings.redis.url,
          rps: settings.rate_limit_rps,
          burst: settings.rate_limit_burst,
          tenantRps: settings.rate_limits.tenant_rps,
          signInPerMinute: settings.rate_limits.sign_in_per_minute,
          bulkPerMinute: settings.rate_limits.bulk_per_minute,
          piiPerMinute: settings.rate_limits.pii_per_minute,
          exportPerHour: settings.rate_limits.export_per_hour,
          routes: limitedRoutes,
        }),
        AuthModule.forRoot({
          tokenKeys: platform.tokenKeys,
          tokens: {
            issuer: settings.jwt_issuer,
            audience: settings.jwt_audience,
            minutes: settings.access_token_minutes,
          },
          lifetimes: { refreshDays: settings.refresh_token_days, idleHours: settings.session_idle_hours },
          outside: { provider: providerOf(settings), workloadIssuers: settings.workload_issuers },
        }),
        MaintenanceModule.forRoot({
          mode: maintenance,
          config: settings.maintenance,
          exceptions: DURING_MAINTENANCE,
        }),
        PiiRulesModule.forRoot({ minConfidence }),
        PiiModule.forRoot({ minConfidence }),
        DatasetsModule.forRoot({ minConfidence }),
        AuditTrailModule.forRoot({ room: platform.auditTrail, signing: platform.signing }),
        HealthModule.forRoot({ version }),
      ],
    };
  }
}
