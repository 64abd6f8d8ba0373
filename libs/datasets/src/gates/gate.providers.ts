import { Audit } from '#audit';
import { Database } from '#database';
import { type Provided, provided } from '#kernel';
import { PlainReasons, TenantRules } from '#pii-rules';
import { DatasetRepository } from '../dataset.repository.ts';
import { GateJudge } from './gate.judge.ts';
import { GateRepository } from './gate.repository.ts';
import { SettingsService } from './settings.service.ts';

/** What may get onto a branch. */
export const gateProviders: Provided[] = [
  provided(GateRepository, [Database]),
  provided(GateJudge, [GateRepository]),
  provided(SettingsService, [Database, DatasetRepository, TenantRules, PlainReasons, Audit]),
];
