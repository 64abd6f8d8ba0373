import { WorkerPool } from '#workers';
import type { SegmentResult, SegmentTask } from './segment.task.ts';

/** Threads that make segments; its own token, as there are other pools. */
export class SegmentPool extends WorkerPool<SegmentTask, SegmentResult> {}
