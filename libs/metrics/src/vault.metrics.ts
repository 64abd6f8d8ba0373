import { Counter, type Registry } from 'prom-client';

/** What the rooms count. The application hands it to their own ports, so that none of them knows this one. */
export class VaultMetrics {
  private readonly attempts: Counter;
  private readonly failures: Counter;
  private readonly denials: Counter;
  private readonly detections: Counter<'type'>;
  private readonly rejections: Counter<'scope' | 'class'>;
  private readonly held: Counter<'outcome'>;
  private readonly records: Counter;
  private readonly bytes: Counter;
  private readonly segments: Counter;
  private readonly segmentBytes: Counter;
  private readonly purgedSegments: Counter;
  private readonly purgedBytes: Counter;

  constructor(registry: Registry) {
    const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
      new Counter({ name, help, labelNames, registers: [registry] });
    this.attempts = counter('auth_attempts_total', 'Sign-ins that were tried');
    this.failures = counter('auth_failures_total', 'Sign-ins that were refused');
    this.denials = counter('authorization_denied_total', 'Requests of signed-in callers that lacked the permission');
    this.detections = counter('pii_detections_total', 'Findings of personal data, by type', ['type']);
    // Never by address: an attacker has as many of them as there is memory here.
    this.rejections = counter('rate_limit_rejections_total', 'Requests refused for coming too often', [
      'scope',
      'class',
    ]);
    this.held = counter('quarantine_records_total', 'Records that gates held back, and what became of them', [
      'outcome',
    ]);
    this.records = counter('import_records_total', 'Records that were imported');
    this.bytes = counter('import_bytes_total', 'Bytes that were imported, as they came in');
    this.segments = counter('compacted_segments_total', 'Small segments that were put together with others');
    this.segmentBytes = counter(
      'compacted_bytes_total',
      'Bytes of segments that were put together, as they were stored',
    );
    this.purgedSegments = counter(
      'purged_segments_total',
      'Segments that nothing led to any more, and whose keys are gone',
    );
    this.purgedBytes = counter('purged_bytes_total', 'Bytes of segments that were purged, as they were stored');
  }

  /**
   * Makes the series that there can be, at 0: the first thing that happens is then an increase, and not a new series,
   * of which Prometheus cannot say that it grew.
   */
  expect(types: Iterable<string>, limits: Iterable<string>, scopes: readonly string[]): void {
    for (const type of types) this.detections.inc({ type }, 0);
    for (const limit of limits) for (const scope of scopes) this.rejections.inc({ scope, class: limit }, 0);
  }

  signInTried(): void {
    this.attempts.inc();
  }

  signInRefused(): void {
    this.failures.inc();
  }

  accessDenied(): void {
    this.denials.inc();
  }

  /** @param type one of a fixed list, as every type is a series. */
  detected(type: string, count = 1): void {
    this.detections.inc({ type }, count);
  }

  /** @param scope `user` or `address`: whose bucket was empty. @param limit which class of limit. */
  rateLimited(scope: string, limit: string): void {
    this.rejections.inc({ scope, class: limit });
  }

  imported(records: number, bytes: number): void {
    this.records.inc(records);
    this.bytes.inc(bytes);
  }

  /** @param outcome one of a fixed list: `held`, `released`, `discarded`. */
  quarantined(outcome: string, records: number): void {
    this.held.inc({ outcome }, records);
  }

  compacted(segments: number, bytes: number): void {
    this.segments.inc(segments);
    this.segmentBytes.inc(bytes);
  }

  purged(segments: number, bytes: number): void {
    this.purgedSegments.inc(segments);
    this.purgedBytes.inc(bytes);
  }
}
