import { Audit } from '#audit';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { PlainReasons, TenantRules } from '#pii-rules';
import { BranchRepository } from '../branch.repository.ts';
import { ContentHashesService } from '../contents/content-hashes.service.ts';
import { ContentHashRepository } from '../contents/content-hash.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { Balances } from './balances.ts';
import { GateJudge } from './gate.judge.ts';
import { GateRepository } from './gate.repository.ts';
import { RecordRepository } from '../record.repository.ts';
import { Repeats } from './repeats.ts';
import { SettingsService } from './settings.service.ts';

/** What may get onto a branch. */
export const gateProviders: Provided[] = [
  provided(GateRepository, [Database]),
  providedBy(
    Repeats,
    [ContentHashRepository, RecordRepository, DatasetRepository, BranchRepository],
    (hashes, records, datasets, branches) => new Repeats({ hashes, records, datasets, branches }),
  ),
  providedBy(
    Balances,
    [GateRepository, DatasetRepository, BranchRepository],
    (gates, datasets, branches) => new Balances({ gates, datasets, branches }),
  ),
  provided(GateJudge, [GateRepository, Repeats, Balances]),
  provided(SettingsService, [Database, DatasetRepository, TenantRules, PlainReasons, ContentHashesService, Audit]),
];
