import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What is said instead of an address that leads nowhere, so that a scanner cannot make a series of each guess. */
const UNMATCHED = 'unmatched';
/** 0.5 and 2 are where the alerts are: between two borders Prometheus can only guess. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30];

/** To be called once, when the answer is out or the caller is gone. `path` is the route's template. */
export type RequestEnded = (method: string, path: string, status: number) => void;

/** How many requests there are, how they end, and how long they take. */
export class HttpMetrics {
  private readonly total: Counter<'method' | 'path' | 'status'>;
  private readonly seconds: Histogram<'method' | 'path'>;
  private readonly active: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.total = new Counter({
      name: 'http_requests_total',
      help: 'Requests that ended, by method, route template and status',
      labelNames: ['method', 'path', 'status'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last of its answer',
      labelNames: ['method', 'path'],
      buckets: SECONDS,
      registers,
    });
    this.active = new Gauge({ name: 'http_requests_active', help: 'Requests that have not ended yet', registers });
    // The share of failures is a number from the start, and not "no data" until something has failed.
    this.total.inc({ method: 'GET', path: UNMATCHED, status: '500' }, 0);
  }

  begin(): RequestEnded {
    const started = performance.now();
    let open = true;
    this.active.inc();
    return (method, path, status) => {
      // A second call would count one request twice, and one that is still there as gone.
      if (!open) return;
      open = false;
      this.active.dec();
      this.total.inc({ method, path, status: String(status) });
      this.seconds.observe({ method, path }, (performance.now() - started) / 1000);
    };
  }
}
