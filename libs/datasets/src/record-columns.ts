import { SKETCH_BANDS } from './contents/content.sketch.ts';

/** The columns that COPY fills, in the order in which the rows are written. Shared with the threads, which know no database. */
export const VERSION_COLUMNS = [
  'tenant_id',
  'dataset_id',
  'branch_id',
  'record_id',
  'from_seq',
  'segment_id',
  'block',
  'position',
  'bytes',
  'risk',
  'leaf',
];

/** The same for records of which something is said beside their content. */
export const SAID_COLUMNS = [...VERSION_COLUMNS, 'labels', 'split', 'source', 'license', 'language', 'metadata'];
export const CONTENT_HASH_COLUMNS = ['tenant_id', 'dataset_id', 'record_id', 'leaf', 'hash'];
/** And a column for each band. */
export const BAND_COLUMNS = Array.from({ length: SKETCH_BANDS }, (_, band) => `band_${band}`);
export const SKETCH_COLUMNS = ['tenant_id', 'dataset_id', 'record_id', 'leaf', 'method', 'sketch', ...BAND_COLUMNS];

export const FINDING_COLUMNS = [
  'tenant_id',
  'dataset_id',
  'branch_id',
  'record_id',
  'from_seq',
  'ordinal',
  'type',
  'risk',
  'path',
  'start_offset',
  'end_offset',
  'confidence',
  'detector',
  'rule_version',
  'subject',
];
