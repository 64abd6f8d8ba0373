import { KeyService } from '#crypto';
import { type Provided, providedBy } from '#kernel';
import { TenantRules, ViewsService } from '#pii-rules';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordViewer } from './record.viewer.ts';
import type { ViewPool } from './view.task.ts';

/** What shows records through views. */
export function viewerProvider(minConfidence: number): Provided {
  return providedBy(
    RecordViewer,
    [ViewsService, KeyService, TenantRules, SegmentPool, RecordReader],
    (views, keys, rules, pool, reader) =>
      new RecordViewer(views, keys, rules, pool as unknown as ViewPool, minConfidence, reader),
  );
}
