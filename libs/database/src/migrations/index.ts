import { CreateTenants1764000000001 } from './1764000000001-create-tenants.ts';
import { CreateDatasets1764000000002 } from './1764000000002-create-datasets.ts';
import { CreateRecords1764000000003 } from './1764000000003-create-records.ts';
import { CreateAuditAndJobs1764000000004 } from './1764000000004-create-audit-and-jobs.ts';
import { CreateAuditChain1764000000005 } from './1764000000005-create-audit-chain.ts';
import { CreateIdentity1764000000006 } from './1764000000006-create-identity.ts';
import { CreateAccess1764000000007 } from './1764000000007-create-access.ts';
import { CreateIdempotencyKeys1764000000008 } from './1764000000008-create-idempotency-keys.ts';
import { CreateMaintenanceSwitches1764000000020 } from './1764000000020-create-maintenance-switches.ts';
import { CreateBackupRuns1764000000021 } from './1764000000021-create-backup-runs.ts';
import { AddRecordAttributes1764000000040 } from './1764000000040-add-record-attributes.ts';
import { CreateForksAndTags1764000000041 } from './1764000000041-create-forks-and-tags.ts';
import { IndexChangesApart1764000000042 } from './1764000000042-index-changes-apart.ts';
import { CreatePiiRules1764000000050 } from './1764000000050-create-pii-rules.ts';
import { CreateFindingDecisions1764000000051 } from './1764000000051-create-finding-decisions.ts';
import { CreateAnonymizationPolicies1764000000052 } from './1764000000052-create-anonymization-policies.ts';
import { DescribeImports1764000000060 } from './1764000000060-describe-imports.ts';
import { CreateDatasetSchemas1764000000070 } from './1764000000070-create-dataset-schemas.ts';
import { CreateGates1764000000071 } from './1764000000071-create-gates.ts';
import { CreateMergeRequests1764000000072 } from './1764000000072-create-merge-requests.ts';
import { CreateQuarantine1764000000073 } from './1764000000073-create-quarantine.ts';
import { CreateContentHashes1764000000074 } from './1764000000074-create-content-hashes.ts';
import { TellAnonymizedReleases1764000000075 } from './1764000000075-tell-anonymized-releases.ts';
import { CreateContentSketches1764000000076 } from './1764000000076-create-content-sketches.ts';
import { CreateUploads1764000000080 } from './1764000000080-create-uploads.ts';
import { CreateDuplicates1764000000081 } from './1764000000081-create-duplicates.ts';
import { CreateLeakageReports1764000000082 } from './1764000000082-create-leakage-reports.ts';
import { RetireSegments1764000000083 } from './1764000000083-retire-segments.ts';
import { StageByJobs1764000000084 } from './1764000000084-stage-by-jobs.ts';
import { ReleaseBranches1764000000085 } from './1764000000085-release-branches.ts';
import { CreateMaskingViews1764000000086 } from './1764000000086-create-masking-views.ts';
import { SignCommits1764000000090 } from './1764000000090-sign-commits.ts';

/** Listed by hand: their order is a reviewed fact. */
export const migrations = [
  CreateTenants1764000000001,
  CreateDatasets1764000000002,
  CreateRecords1764000000003,
  CreateAuditAndJobs1764000000004,
  CreateAuditChain1764000000005,
  CreateIdentity1764000000006,
  CreateAccess1764000000007,
  CreateIdempotencyKeys1764000000008,
  CreateMaintenanceSwitches1764000000020,
  CreateBackupRuns1764000000021,
  AddRecordAttributes1764000000040,
  CreateForksAndTags1764000000041,
  IndexChangesApart1764000000042,
  CreatePiiRules1764000000050,
  CreateFindingDecisions1764000000051,
  CreateAnonymizationPolicies1764000000052,
  DescribeImports1764000000060,
  CreateDatasetSchemas1764000000070,
  CreateGates1764000000071,
  CreateMergeRequests1764000000072,
  CreateQuarantine1764000000073,
  CreateContentHashes1764000000074,
  TellAnonymizedReleases1764000000075,
  CreateContentSketches1764000000076,
  CreateUploads1764000000080,
  CreateDuplicates1764000000081,
  CreateLeakageReports1764000000082,
  RetireSegments1764000000083,
  StageByJobs1764000000084,
  ReleaseBranches1764000000085,
  CreateMaskingViews1764000000086,
  SignCommits1764000000090,
];

/**
 * Whether a server of this release works while a migration is pending. It says so itself: by `canWait`, for what its
 * program does without, as long as it is not there.
 */
export function canWait(name: string): boolean {
  return migrations.some((migration) => migration.name === name && 'canWait' in migration && migration.canWait);
}
