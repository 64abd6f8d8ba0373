import { Audit } from '#audit';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { AnonymizationChoices, PlainReasons } from '#pii-rules';
import { TraceRepository } from '../contents/trace.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { Leftovers } from '../leftovers.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { RecordRulesOf } from '../schemas/record.rules.ts';
import { StoredRecords } from '../schemas/stored.records.ts';
import { BranchWriter } from '../writes/branch.writer.ts';
import { ChangeRepository } from '../writes/change.repository.ts';
import { RecordSealer } from '../writes/record.sealer.ts';
import { DiscardsService } from './discards.service.ts';
import { HeldWrites } from './held.writes.ts';
import { Holding } from './holding.ts';
import { QuarantineChoice } from './quarantine.choice.ts';
import { QuarantineCounters } from './quarantine.counters.ts';
import { QuarantineRepository } from './quarantine.repository.ts';
import { QuarantineService } from './quarantine.service.ts';
import { Redactions } from './redactions.ts';
import { ReleaseWriter } from './release.writer.ts';
import { ReleasedFindings } from './released.findings.ts';
import { ReleasedOriginals } from './released.originals.ts';
import { ReleasesService } from './releases.service.ts';

const RELEASE_WRITING = [
  Database,
  QuarantineRepository,
  ReleasedFindings,
  ReleasedOriginals,
  RecordRepository,
  BranchWriter,
  QuarantineCounters,
  Audit,
] as const;

const RELEASING = [
  Database,
  QuarantineChoice,
  QuarantineRepository,
  BranchWriter,
  ReleaseWriter,
  RecordRulesOf,
  StoredRecords,
  Redactions,
  PlainReasons,
] as const;

/** What gates hold back, and what people decide about that. */
export const quarantineProviders: Provided[] = [
  provided(QuarantineRepository, [Database]),
  provided(Holding, [Database, DatasetRepository, QuarantineCounters]),
  provided(HeldWrites, [Holding, QuarantineRepository, RecordRepository, ChangeRepository, TraceRepository, Audit]),
  provided(QuarantineChoice, [Database, DatasetRepository, QuarantineRepository]),
  provided(ReleasedFindings, [Database]),
  provided(ReleasedOriginals, [QuarantineRepository, TraceRepository, Leftovers]),
  providedBy(
    Redactions,
    [KeyService, RecordReader, RecordSealer, AnonymizationChoices],
    (keys, reader, sealer, choices) => new Redactions({ keys, reader, sealer, choices }),
  ),
  providedBy(
    QuarantineService,
    [Database, DatasetRepository, QuarantineRepository, RecordRepository, RecordReader, Audit],
    (database, datasets, items, records, reader, audit) =>
      new QuarantineService({ database, datasets, items, records, reader, audit }),
  ),
  providedBy(ReleaseWriter, RELEASE_WRITING, (...parts) => {
    const [database, items, findings, originals, records, writer, counters, audit] = parts;
    return new ReleaseWriter({ database, items, findings, originals, records, writer, counters, audit });
  }),
  providedBy(ReleasesService, RELEASING, (...parts) => {
    const [database, choice, items, branches, writer, rules, stored, redactions, reasons] = parts;
    return new ReleasesService({ database, choice, items, branches, writer, rules, stored, redactions, reasons });
  }),
  providedBy(
    DiscardsService,
    [Database, QuarantineChoice, QuarantineRepository, ReleasedOriginals, PlainReasons, QuarantineCounters, Audit],
    (...parts) => {
      const [database, choice, items, originals, reasons, counters, audit] = parts;
      return new DiscardsService({ database, choice, items, originals, reasons, counters, audit });
    },
  ),
];
