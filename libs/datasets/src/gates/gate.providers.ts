import { Audit } from '#audit';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { PlainReasons, TenantRules } from '#pii-rules';
import { BranchRepository } from '../branch.repository.ts';
import { ContentHashesService } from '../contents/content-hashes.service.ts';
import { ContentSketchRepository } from '../contents/content-sketch.repository.ts';
import { ContentSketchesService } from '../contents/content-sketches.service.ts';
import { ContentSketchingRepository } from '../contents/content-sketching.repository.ts';
import { ContentHashRepository } from '../contents/content-hash.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { Balances } from './balances.ts';
import { ImportForesight } from './import.foresight.ts';
import { GateJudge } from './gate.judge.ts';
import { GateRepository } from './gate.repository.ts';
import { RecordRepository } from '../record.repository.ts';
import { Leaks } from './leaks.ts';
import { Nears } from './nears.ts';
import { Repeats } from './repeats.ts';
import { SettingsService } from './settings.service.ts';

const KNOWING = [ContentHashRepository, RecordRepository, DatasetRepository, BranchRepository] as const;

/** What may get onto a branch. */
export const gateProviders: Provided[] = [
  provided(GateRepository, [Database]),
  providedBy(
    ImportForesight,
    [Database, DatasetRepository, Repeats, Nears, Leaks, Balances],
    (database, datasets, repeats, nears, leaks, balances) =>
      new ImportForesight(database, datasets, { repeats, nears, leaks, balances }),
  ),
  providedBy(
    Repeats,
    KNOWING,
    (hashes, records, datasets, branches) => new Repeats({ hashes, records, datasets, branches }),
  ),
  providedBy(
    Nears,
    [ContentSketchRepository, ContentSketchingRepository, RecordRepository, DatasetRepository, BranchRepository],
    (sketches, sketchings, records, datasets, branches) =>
      new Nears({ sketches, sketchings, records, datasets, branches }),
  ),
  providedBy(
    Leaks,
    KNOWING,
    (hashes, records, datasets, branches) => new Leaks({ hashes, records, datasets, branches }),
  ),
  providedBy(
    Balances,
    [GateRepository, DatasetRepository, BranchRepository],
    (gates, datasets, branches) => new Balances({ gates, datasets, branches }),
  ),
  providedBy(
    GateJudge,
    [GateRepository, Repeats, Nears, Leaks, Balances],
    (gates, repeats, nears, leaks, balances) => new GateJudge(gates, { repeats, nears, leaks, balances }),
  ),
  providedBy(
    SettingsService,
    [Database, DatasetRepository, TenantRules, PlainReasons, ContentHashesService, ContentSketchesService, Audit],
    (database, datasets, rules, reasons, hashes, ...[sketches, audit]) =>
      new SettingsService({ database, datasets, rules, reasons, hashes, sketches, audit }),
  ),
];
