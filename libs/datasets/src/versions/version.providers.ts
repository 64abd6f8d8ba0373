import { Audit } from '#audit';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { BranchRepository } from '../branch.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { GateJudge } from '../gates/gate.judge.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { TagRepository } from '../tag.repository.ts';
import { RecordRulesOf } from '../schemas/record.rules.ts';
import { requestProviders } from '../requests/request.providers.ts';
import { StoredRecords } from '../schemas/stored.records.ts';
import { BranchWriter } from '../writes/branch.writer.ts';
import { RecordSealer } from '../writes/record.sealer.ts';
import { BranchesService } from './branches.service.ts';
import { CommitSigningService } from './commit-signing.service.ts';
import { CommitsService } from './commits.service.ts';
import { DifferenceRepository } from './difference.repository.ts';
import { DifferencesService } from './differences.service.ts';
import { MergeBase } from './merge-base.ts';
import { MergeContents } from './merge.contents.ts';
import { MergeForesight } from './merge.foresight.ts';
import { MergePlanner } from './merge.planner.ts';
import { MergesService } from './merges.service.ts';
import { RefNames } from './ref.names.ts';
import { TagsService } from './tags.service.ts';

/** Branches, tags, history, differences, merges, and requests for them. */
export const versionProviders: Provided[] = [
  provided(CommitsService, [Database, DatasetRepository, Refs]),
  provided(RefNames, [Database, DatasetRepository, TagRepository, Audit]),
  providedBy(
    CommitSigningService,
    [Database, CommitsService, RefNames],
    (database, commits, names) => new CommitSigningService({ database, commits, names }),
  ),
  providedBy(
    BranchesService,
    [Database, DatasetRepository, BranchRepository, Refs, RefNames],
    (database, datasets, branches, refs, names) => new BranchesService({ database, datasets, branches, refs, names }),
  ),
  providedBy(
    TagsService,
    [Database, TagRepository, Refs, RefNames],
    (database, tags, refs, names) => new TagsService({ database, tags, refs, names }),
  ),
  provided(DifferenceRepository, [Database]),
  providedBy(
    DifferencesService,
    [Database, RecordRepository, RecordReader, Refs, DifferenceRepository, Audit],
    (database, records, reader, refs, differences, audit) =>
      new DifferencesService({ database, records, reader, refs, differences, audit }),
  ),
  provided(MergeBase, [Database, DatasetRepository, Refs]),
  provided(MergePlanner, [Database, RecordRepository, DifferencesService, MergeBase]),
  provided(MergeContents, [RecordSealer, RecordRulesOf, StoredRecords]),
  provided(MergeForesight, [Database, MergeContents, GateJudge]),
  providedBy(
    MergesService,
    [Database, Refs, MergePlanner, MergeContents, MergeForesight, BranchWriter, Audit],
    (...[database, refs, planner, contents, foresight, writer, audit]) =>
      new MergesService({ database, refs, planner, contents, foresight, writer, audit }),
  ),
  ...requestProviders,
];
