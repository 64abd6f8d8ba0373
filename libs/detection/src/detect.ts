import {
  anonymizeJson,
  anonymizeText,
  type AnonymizePlan,
  type Finding,
  type PiiScanner,
  scannerBy,
  toOffsets,
} from '#pii';
import type { Detection, DetectionResult, DetectionTask } from './detection.task.ts';

/** Does one task from beginning to end, without waiting. */
export function detect(task: DetectionTask): DetectionResult {
  const { input, rules, types, minConfidence, locale, explain } = task;
  const scanner = scannerBy(rules, { types, minConfidence, locale, explain });
  const plan: AnonymizePlan | null = task.anonymize;
  // What is allowed is told when an explanation is asked for, and never taken out.
  const taker = explain && plan ? scannerBy(rules, { types, minConfidence, locale }) : scanner;
  if (input.json !== undefined) return inJson(input.json, scanner, taker, plan);
  const texts = input.texts ?? [input.text ?? ''];
  const found = texts.map((text) => scanner.scanText(text));
  const cleaned =
    plan && texts.map((text, i) => anonymizeText(text, taker, plan, taker === scanner ? found[i]! : undefined).text);
  const detections = found.flatMap((findings, i) => {
    const shown: Finding[] = toOffsets(texts[i]!, findings, task.offsets);
    return input.texts ? shown.map((finding) => ({ ...finding, path: `/${i}` })) : shown;
  });
  if (!cleaned) return { detections, output: null };
  return { detections, output: input.texts ? { texts: cleaned } : { text: cleaned[0]! } };
}

/** Offsets in JSON count UTF-16 units of the decoded string at the path: there is no one text to count in otherwise. */
function inJson(json: string, scanner: PiiScanner, taker: PiiScanner, plan: AnonymizePlan | null): DetectionResult {
  const detections: Detection[] = scanner.scanJson(json);
  return { detections, output: plan && { json: anonymizeJson(json, taker, plan).source } };
}
