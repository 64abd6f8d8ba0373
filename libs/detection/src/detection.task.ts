import type { JsonFinding, OwnRules } from '#pii';

/** What was sent: one text, several, or a JSON value as its source. Exactly one of them. */
export interface Input {
  text?: string;
  texts?: string[];
  json?: string;
}

export interface DetectionTask {
  input: Input;
  types?: string[];
  minConfidence: number;
  locale?: string;
  offsets: 'codepoint' | 'utf16' | 'byte';
  explain: boolean;
  /** Those of the tenant; null where it has none. */
  rules: OwnRules | null;
  anonymize: {
    strategy: string;
    strategies: Record<string, string>;
    hashKey: Uint8Array;
    ownTypes: string[];
    /** The dataset that it comes from, in previews. */
    datasetId?: string;
    /** Of what is found these are acted on; null for all of it. */
    types: string[] | null;
  } | null;
}

export interface DetectionResult {
  detections: Detection[];
  /** The input without what was found, where that was asked for; in the form it was sent. */
  output: Input | null;
}

/** A path only where there is more than one text: the number of the text, or the place in the JSON value. */
export type Detection = Omit<JsonFinding, 'path'> & { path?: string };
