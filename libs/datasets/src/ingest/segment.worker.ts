import { serveTasks } from '#workers';
import { makeSegment } from './segment.maker.ts';
import type { SegmentResult, SegmentTask } from './segment.task.ts';

serveTasks<SegmentTask, SegmentResult>((task) => {
  const result = makeSegment(task);
  const buffers = result.segment ? [result.segment.sealed, result.segment.versions, result.segment.findings] : [];
  return { result, transfer: buffers.flatMap((bytes) => (bytes ? [bytes.buffer] : [])) };
});
