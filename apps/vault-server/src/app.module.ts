import { type DynamicModule, Module } from '@nestjs/common';
import { AuditTrailModule } from '#audit-trail';
import { AuthModule } from '#auth';
import { DatasetsModule } from '#datasets';
import { PiiModule } from '#detection';
import { HealthModule } from '#health';
import type { Log } from '#kernel';
import { MetricsModule } from '#metrics';
import type { JobQueue } from '#queue';
import { ThrottlingModule } from '#throttling';
import { ProblemsController } from './http/problems.controller.ts';
import { CountersModule } from './modules/counters.module.ts';
import { CryptoModule } from './modules/crypto.module.ts';
import { DatabaseModule } from './modules/database.module.ts';
import { LogModule } from './modules/log.module.ts';
import { StorageModule } from './modules/storage.module.ts';
import { WorkModule } from './modules/work.module.ts';
import type { Platform } from './platform.ts';
import { providerOf, type Settings } from './settings.ts';
import { version } from './version.ts';

/** Where somebody can try to be somebody. */
const SIGN_IN = [
  'login',
  'second-factor/sign-in',
  'invitations/accept',
  'token',
  'oidc/:provider/start',
  'oidc/:provider/callback',
];

export interface AppParts {
  settings: Settings;
  platform: Platform;
  queue: JobQueue;
  log: Log;
}

/** The one Nest application: every room's module, over what `openPlatform` has opened. */
@Module({})
export class AppModule {
  static forRoot({ settings, platform, queue, log }: AppParts): DynamicModule {
    const minConfidence = settings.pii.min_confidence;
    return {
      module: AppModule,
      controllers: [ProblemsController],
      imports: [
        LogModule.forRoot(log, platform.clock),
        DatabaseModule.forRoot(platform),
        CryptoModule.forRoot(platform),
        StorageModule.forRoot(platform.blobs),
        WorkModule.forRoot(queue),
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
          signInPerMinute: settings.rate_limits.sign_in_per_minute,
          piiPerMinute: settings.rate_limits.pii_per_minute,
          exportPerHour: settings.rate_limits.export_per_hour,
          signInPaths: SIGN_IN.map((path) => `/api/v1/auth/${path}`),
          piiPaths: ['/api/v1/pii/detect', '/api/v1/pii/anonymize'],
          exportPaths: ['/api/v1/datasets/:id/export'],
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
        PiiModule.forRoot({ minConfidence }),
        DatasetsModule.forRoot({ minConfidence }),
        AuditTrailModule.forRoot({ room: platform.auditTrail, signing: platform.signing }),
        HealthModule.forRoot({ version }),
      ],
    };
  }
}
