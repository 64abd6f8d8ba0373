import type { OwnRules } from '#pii';
import type { AnonymizeTask } from '../ingest/segment.task.ts';

/** How records are shown through a view, as threads take it. */
export interface ViewPlan {
  anonymize: AnonymizeTask;
  minConfidence: number;
  /** What the tenant says of personal data itself; null where it says nothing. */
  rules: OwnRules | null;
  /** JSON Pointers of what is left out. */
  without: string[];
}

/** Lines for a thread, each with its newline, to be given back as the view shows them. */
export interface ViewTask {
  kind: 'view-lines';
  lines: Uint8Array;
  view: ViewPlan;
}

export interface ViewedLines {
  bytes: Uint8Array<ArrayBuffer>;
}

/** Port. The threads, as views see them. */
export interface ViewPool {
  run(task: ViewTask): Promise<ViewedLines>;
}
