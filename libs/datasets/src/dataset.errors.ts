import { defineError } from '#kernel';

export const DatasetNotFound = defineError('dataset-not-found', 'not-found', () => 'There is no such dataset.');
export const DatasetNameTaken = defineError(
  'dataset-name-taken',
  'conflict',
  () => 'A dataset of that name exists already.',
);
export const DatasetInUse = defineError(
  'dataset-in-use',
  'conflict',
  () => 'An import into this dataset is running. Wait for it to end.',
);
export const RefNotFound = defineError(
  'ref-not-found',
  'not-found',
  () => 'The dataset has no such branch or commit, or none at that time.',
);
export const RecordNotFound = defineError(
  'record-not-found',
  'not-found',
  () => 'The dataset has no such record at this ref.',
);
export const ImportNotFound = defineError('import-not-found', 'not-found', () => 'There is no such import.');
export const VersionConflict = defineError(
  'version-conflict',
  'conflict',
  () => 'The branch has moved on meanwhile. Try again.',
);
export const ImportEmpty = defineError('import-empty', 'invalid', () => 'The file has no record to import.');
export const ImportRejected = defineError(
  'import-rejected',
  'invalid',
  (rejected: number, id: string) =>
    `Nothing was imported: ${rejected} rows are wrong. /imports/${id}/errors has each of them.`,
);
export const StreamBroken = defineError(
  'stream-broken',
  'malformed',
  () => 'The upload ended before its end, or its compression is damaged. Nothing was imported.',
);
export const InflatesTooFar = defineError(
  'inflates-too-far',
  'too-large',
  () => 'The compressed upload grows by more than a hundred times. Nothing was imported.',
);
export const UnsupportedFormat = defineError(
  'unsupported-format',
  'unsupported-media',
  () =>
    'Send application/x-ndjson, application/json, text/csv or application/vnd.apache.parquet, plain or with Content-Encoding gzip or zstd.',
);
export const FileUnreadable = defineError(
  'file-unreadable',
  'invalid',
  () => 'The file is not what its type says, or cannot be read to its end. Nothing was imported.',
);
export const ExportUnfit = defineError(
  'export-unfit',
  'invalid',
  (unfit: number) => `Nothing was exported: ${unfit} records do not fit the template.`,
);
export const OptionNotForFormat = defineError(
  'option-not-for-format',
  'invalid',
  (option: string) => `The option ${option} is not for files of this format.`,
);
export const BranchProtected = defineError(
  'branch-protected',
  'conflict',
  () => 'The branch is protected: it takes no direct commits, and where it asks for approvals, merge requests alone.',
);
