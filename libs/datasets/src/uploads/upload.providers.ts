import { Audit } from '#audit';
import { UserRepository } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { Log, type Provided, provided, providedBy } from '#kernel';
import { JobsService, WorkGate } from '#queue';
import { BlobStore } from '#storage';
import { DatasetsService } from '../datasets.service.ts';
import { ImportsService } from '../imports.service.ts';
import { UploadImporter } from './upload.importer.ts';
import { UploadParts } from './upload.parts.ts';
import { UploadRepository } from './upload.repository.ts';
import { UploadSweeper } from './upload.sweeper.ts';
import { UploadsService } from './uploads.service.ts';

/** Files that come in parts. */
export const uploadProviders: Provided[] = [
  provided(UploadRepository, [Database]),
  provided(UploadParts, [BlobStore, KeyService, Log]),
  providedBy(
    UploadsService,
    [Database, DatasetsService, UploadRepository, UploadParts, ImportsService, KeyService, JobsService, Audit],
    (database, datasets, uploads, parts, ...more) => {
      const [imports, keys, jobs, audit] = more;
      return new UploadsService({ database, datasets, uploads, parts, imports, keys, jobs, audit });
    },
  ),
  provided(UploadImporter, [Database, UploadRepository, UploadParts, ImportsService]),
  providedBy(
    UploadSweeper,
    [Database, UserRepository, UploadRepository, UploadParts, BlobStore, Log, WorkGate],
    (database, tenants, uploads, parts, ...more) => {
      const [blobs, log, gate] = more;
      return new UploadSweeper({ database, tenants, uploads, parts, blobs, log, gate });
    },
  ),
];
