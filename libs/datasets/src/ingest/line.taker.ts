import { anonymizeJson, type AnonymizePlan, type OwnRules, type PiiScanner, scannerBy } from '#pii';
import type { AnonymizeTask } from './segment.task.ts';

/** Takes personal data out of lines. It may look for more than any scan of a record does, or for less. */
export class LineTaker {
  readonly #scanner: PiiScanner;
  readonly #plan: AnonymizePlan;

  constructor(by: { rules: OwnRules | null; minConfidence: number }, task: AnonymizeTask) {
    const { scanTypes, fromDatasetId: datasetId, minConfidence } = task;
    const types = scanTypes ?? undefined;
    this.#scanner = scannerBy(by.rules, { types, minConfidence: minConfidence ?? by.minConfidence, datasetId });
    this.#plan = { ...task, datasetId };
  }

  of(text: string): ReturnType<typeof anonymizeJson> {
    return anonymizeJson(text, this.#scanner, this.#plan);
  }
}
