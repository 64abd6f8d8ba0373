import type { Finding } from '../finding.ts';
import type { Found } from '../json/json-scan.ts';
import { piiTypes } from '../pii-type.ts';
import { DEFAULT_CONFIDENCE, PiiScanner, type ScannerOptions } from '../pii-scanner.ts';
import { AllowedValues } from './allowed-values.ts';
import { type CompiledRules, compiledRules } from './compiled-rules.ts';
import { JsonValues } from './json-values.ts';
import type { OwnRules } from './own-rules.ts';
import { type OwnTypeMatcher, ownFindings } from './own-type.matcher.ts';
import { withoutOverlaps } from './overlaps.ts';

export interface RuledOptions extends ScannerOptions {
  rules: OwnRules;
  /** Where the texts belong: values may be allowed in one dataset alone. */
  datasetId?: string;
}

const builtIn = new Set(piiTypes.map(({ type }) => type));

/** Finds what a tenant has described itself too, and keeps quiet about what it allows. */
export class RuledScanner extends PiiScanner {
  readonly #matchers: readonly OwnTypeMatcher[];
  readonly #allowed: AllowedValues;
  readonly #explain: boolean;
  readonly #minConfidence: number;

  /** `types` in canonical names; without it all of the tenant's own, and the others that are on by default. */
  constructor({ rules, datasetId, types, ...options }: RuledOptions) {
    super({ ...options, types: types?.filter((type) => builtIn.has(type)) });
    const { matchers, allowed }: CompiledRules = compiledRules(rules);
    this.#matchers = types ? matchers.filter(({ type }) => types.includes(type.name)) : matchers;
    this.#allowed = new AllowedValues(allowed, rules.allowKey, datasetId ?? null, Date.now());
    this.#explain = options.explain ?? false;
    this.#minConfidence = options.minConfidence ?? DEFAULT_CONFIDENCE;
  }

  override scanText(text: string): Finding[] {
    return this.#reported(super.scanText(text), text, '');
  }

  override scanJsonTokens(source: string, found: Found): void {
    if (this.#matchers.length === 0) {
      super.scanJsonTokens(source, (findings, value, token, path) => {
        const reported = this.#notAllowed(findings, value);
        if (reported.length > 0) found(reported, value, token, path);
      });
      return;
    }
    const known = new Map<number, Finding[]>();
    super.scanJsonTokens(source, (findings, _value, token) => void known.set(token.start, findings));
    new JsonValues().walk(source, ({ value, key, token, path }) => {
      const reported = this.#reported(known.get(token.start) ?? [], value, key);
      if (reported.length > 0) found(reported, value, token, path);
    });
  }

  #reported(known: Finding[], text: string, key: string): Finding[] {
    const own = ownFindings(this.#matchers, text, key, this.#explain).filter(
      ({ confidence }) => confidence >= this.#minConfidence,
    );
    return this.#notAllowed(own.length > 0 ? withoutOverlaps(own, known) : known, text);
  }

  #notAllowed(findings: Finding[], text: string): Finding[] {
    if (this.#allowed.isEmpty) return findings;
    return findings.flatMap((finding) => {
      const entry = this.#allowed.entryFor(finding.type, text.slice(finding.start, finding.end));
      if (entry === null) return finding;
      return this.#explain ? { ...finding, allowed: entry } : [];
    });
  }
}

/** A scanner by the rules of the product, and by those of a tenant where it has any. */
export function scannerBy(
  rules: OwnRules | null,
  { datasetId, ...options }: ScannerOptions & { datasetId?: string },
): PiiScanner {
  return rules ? new RuledScanner({ ...options, rules, datasetId }) : new PiiScanner(options);
}
