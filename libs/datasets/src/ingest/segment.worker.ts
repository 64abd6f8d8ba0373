import { serveTasks } from '#workers';
import { type FindingResult, type FindingTask, macOfFinding } from '../findings/finding.task.ts';
import type { RecordsResult, RecordsTask } from '../writes/records.task.ts';
import { sealRecords } from '../writes/seal-records.ts';
import { makeSegment } from './segment.maker.ts';
import type { SegmentResult, SegmentTask } from './segment.task.ts';

type Task = SegmentTask | RecordsTask | FindingTask;

serveTasks<Task, SegmentResult | RecordsResult | FindingResult>((task) => {
  if ('kind' in task && task.kind === 'finding') return { result: macOfFinding(task) };
  if ('kind' in task) {
    const result = sealRecords(task);
    return { result, transfer: result.sealed ? [result.sealed.bytes.buffer] : [] };
  }
  const result = makeSegment(task);
  const buffers = result.segment ? [result.segment.sealed, result.segment.versions, result.segment.findings] : [];
  return { result, transfer: buffers.flatMap((bytes) => (bytes ? [bytes.buffer] : [])) };
});
