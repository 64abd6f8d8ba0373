import { serveTasks } from '#workers';
import {
  type ContentSketchTask,
  type ContentTask,
  type HashedContents,
  performContentTask,
  performSketchTask,
  type SketchedContents,
} from '../contents/content.tasks.ts';
import {
  type DuplicateResult,
  type DuplicateTask,
  isDuplicateTask,
  performDuplicateTask,
} from '../duplicates/duplicate.tasks.ts';
import type { ExportResult, ExportTask } from '../export/export.tasks.ts';
import { performExportTask } from '../export/export.worker-tasks.ts';
import { type FormatResult, type FormatTask, isFormatTask } from '../formats/format.tasks.ts';
import { performFormatTask } from '../formats/format.worker-tasks.ts';
import { type FindingResult, type FindingTask, macOfFinding } from '../findings/finding.task.ts';
import type { RecordsResult, RecordsTask } from '../writes/records.task.ts';
import { sealRecords } from '../writes/seal-records.ts';
import { isLeakTask, type LeakResult, type LeakTask, performLeakTask } from '../leakage/leak.tasks.ts';
import { isSplitTask, performSplitTask, type SplitResult, type SplitTask } from '../splits/split.tasks.ts';
import { repack, type Repacked, type RepackTask } from '../compaction/repack.task.ts';
import { isSchemaTask, performSchemaTask, type SchemaResult, type SchemaTask } from '../schemas/schema.tasks.ts';
import { viewLines } from '../views/line.viewer.ts';
import type { ViewedLines, ViewTask } from '../views/view.task.ts';
import { makeSegment } from './segment.maker.ts';
import type { SegmentResult, SegmentTask } from './segment.task.ts';

type Task =
  | SegmentTask
  | RecordsTask
  | FormatTask
  | ExportTask
  | FindingTask
  | SchemaTask
  | DuplicateTask
  | SplitTask
  | LeakTask
  | RepackTask
  | ViewTask
  | ContentTask
  | ContentSketchTask;
type Result =
  | SegmentResult
  | RecordsResult
  | FormatResult
  | ExportResult
  | FindingResult
  | SchemaResult
  | DuplicateResult
  | SplitResult
  | LeakResult
  | Repacked
  | ViewedLines
  | HashedContents
  | SketchedContents;

serveTasks<Task, Result>((task) => {
  if ('kind' in task && task.kind === 'finding') return { result: macOfFinding(task) };
  if ('kind' in task && task.kind === 'repack') {
    const result = repack(task);
    return { result, transfer: [result.bytes.buffer] };
  }
  if ('kind' in task && task.kind === 'view-lines') {
    const result = viewLines(task);
    return { result, transfer: [result.bytes.buffer] };
  }
  if ('kind' in task) {
    if (task.kind === 'content-sketch') return { result: performSketchTask(task) };
    if (task.kind === 'content-hash') return { result: performContentTask(task) };
    if (isSchemaTask(task)) return { result: performSchemaTask(task) };
    if (isDuplicateTask(task)) return { result: performDuplicateTask(task) };
    if (isLeakTask(task)) return { result: performLeakTask(task) };
    if (isSplitTask(task)) return { result: performSplitTask(task) };
    if (isFormatTask(task)) return performFormatTask(task);
    if (task.kind !== 'records') return performExportTask(task);
    const result = sealRecords(task);
    return { result, transfer: result.sealed ? [result.sealed.bytes.buffer] : [] };
  }
  const result = makeSegment(task);
  const made = [result.segment, result.held?.segment].flatMap((segment) => segment ?? []);
  const buffers = made.flatMap(({ sealed, versions, findings, hashes, sketches }) => [
    sealed,
    versions,
    findings,
    hashes,
    sketches,
  ]);
  return { result, transfer: buffers.flatMap((bytes) => (bytes ? [bytes.buffer] : [])) };
});
