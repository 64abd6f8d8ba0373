import { Global, Inject, Module } from '@nestjs/common';
import { Audit } from '#audit';
import { AuthCounters, Authenticator, Tokens } from '#auth';
import { BackupRuns } from '#backup';
import { Database } from '#database';
import {
  CompactionCounters,
  ImportCounters,
  PurgeCounters,
  QUARANTINE_OUTCOMES,
  QuarantineCounters,
  StoredBytes,
} from '#datasets';
import { DetectionCounters } from '#detection';
import { providedBy } from '#kernel';
import { ResourceMetrics, VaultMetrics } from '#metrics';
import { piiTypes } from '#pii';
import { JobQueue } from '#queue';
import { CALLER_SCOPES, RATE_LIMIT_CLASSES, RateLimitCallers, RateLimitCounters } from '#throttling';

/** Types of tenants are counted together: each of them would be a series of its own. */
const CUSTOM = 'CUSTOM';
const builtIn: ReadonlySet<string> = new Set(piiTypes.map(({ type }) => type));

function counted(type: string): string {
  return builtIn.has(type) ? type : CUSTOM;
}

/** Ties the rooms' own counters to the metrics, so that no room has to know another for it. */
@Global()
@Module({
  providers: [
    providedBy(AuthCounters, [VaultMetrics], (metrics) => ({
      attempt: () => metrics.signInTried(),
      failure: () => metrics.signInRefused(),
      denied: () => metrics.accessDenied(),
    })),
    providedBy(RateLimitCounters, [VaultMetrics], (metrics) => ({
      rejected: (limit, scope) => metrics.rateLimited(scope, limit),
    })),
    providedBy(DetectionCounters, [VaultMetrics], (metrics) => ({
      detected: (type, count) => metrics.detected(counted(type), count),
    })),
    providedBy(ImportCounters, [VaultMetrics], (metrics) => ({
      imported: (records, bytes, findings) => {
        metrics.imported(records, bytes);
        for (const [type, count] of Object.entries(findings)) metrics.detected(counted(type), count);
      },
    })),
    providedBy(CompactionCounters, [VaultMetrics], (metrics) => ({
      compacted: (segments, bytes) => metrics.compacted(segments, bytes),
    })),
    providedBy(PurgeCounters, [VaultMetrics], (metrics) => ({
      purged: (segments, bytes) => metrics.purged(segments, bytes),
    })),
    providedBy(QuarantineCounters, [VaultMetrics], (metrics) => ({
      counted: (outcome, records) => metrics.quarantined(outcome, records),
    })),
    // The limits count before the guard lets anyone in, and by caller all the same.
    providedBy(RateLimitCallers, [Authenticator], (who) => ({ identify: (headers) => who.identify(headers) })),
  ],
  exports: [
    CompactionCounters,
    ImportCounters,
    PurgeCounters,
    QuarantineCounters,
    AuthCounters,
    RateLimitCounters,
    DetectionCounters,
    RateLimitCallers,
  ],
})
export class CountersModule {
  constructor(
    @Inject(ResourceMetrics) resources: ResourceMetrics,
    @Inject(VaultMetrics) metrics: VaultMetrics,
    @Inject(Database) database: Database,
    @Inject(StoredBytes) stored: StoredBytes,
    @Inject(JobQueue) queue: JobQueue,
    @Inject(Tokens) tokens: Tokens,
    @Inject(Audit) audit: Audit,
  ) {
    metrics.expect([...builtIn, CUSTOM], RATE_LIMIT_CLASSES, CALLER_SCOPES);
    for (const outcome of QUARANTINE_OUTCOMES) metrics.quarantined(outcome, 0);
    resources.watchDatabase(() => database.poolStats());
    resources.watchStorage(() => stored.total());
    resources.watchJobs(() => queue.counts());
    resources.watchBackups(() => new BackupRuns(database, audit).lastSuccess());
    resources.watchTokenKey(() => tokens.keyId);
  }
}
