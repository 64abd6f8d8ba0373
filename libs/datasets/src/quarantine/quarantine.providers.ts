import { Audit } from '#audit';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { PlainReasons } from '#pii-rules';
import { ContentHashRepository } from '../contents/content-hash.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { Leftovers } from '../leftovers.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { RecordRulesOf } from '../schemas/record.rules.ts';
import { StoredRecords } from '../schemas/stored.records.ts';
import { BranchWriter } from '../writes/branch.writer.ts';
import { ChangeRepository } from '../writes/change.repository.ts';
import { DiscardsService } from './discards.service.ts';
import { HeldWrites } from './held.writes.ts';
import { Holding } from './holding.ts';
import { QuarantineChoice } from './quarantine.choice.ts';
import { QuarantineRepository } from './quarantine.repository.ts';
import { QuarantineService } from './quarantine.service.ts';
import { ReleasedFindings } from './released.findings.ts';
import { ReleasesService } from './releases.service.ts';

const RELEASING = [
  Database,
  QuarantineChoice,
  QuarantineRepository,
  ReleasedFindings,
  RecordRepository,
  BranchWriter,
  RecordRulesOf,
  StoredRecords,
  PlainReasons,
  Audit,
] as const;

/** What gates hold back, and what people decide about that. */
export const quarantineProviders: Provided[] = [
  provided(QuarantineRepository, [Database]),
  provided(Holding, [Database, DatasetRepository]),
  provided(HeldWrites, [
    Holding,
    QuarantineRepository,
    RecordRepository,
    ChangeRepository,
    ContentHashRepository,
    Audit,
  ]),
  provided(QuarantineChoice, [Database, DatasetRepository, QuarantineRepository]),
  provided(ReleasedFindings, [Database]),
  providedBy(
    QuarantineService,
    [Database, DatasetRepository, QuarantineRepository, RecordRepository, RecordReader, Audit],
    (database, datasets, items, records, reader, audit) =>
      new QuarantineService({ database, datasets, items, records, reader, audit }),
  ),
  providedBy(ReleasesService, RELEASING, (...parts) => {
    const [database, choice, items, findings, records, writer, rules, stored, reasons, audit] = parts;
    const known = { database, choice, items, findings, records, writer };
    return new ReleasesService({ ...known, rules, stored, reasons, audit });
  }),
  providedBy(
    DiscardsService,
    [Database, QuarantineChoice, QuarantineRepository, ContentHashRepository, Leftovers, PlainReasons, Audit],
    (...parts) => {
      const [database, choice, items, hashes, leftovers, reasons, audit] = parts;
      return new DiscardsService({ database, choice, items, hashes, leftovers, reasons, audit });
    },
  ),
];
