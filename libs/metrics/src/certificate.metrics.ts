import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Gauge, type Registry } from 'prom-client';

/**
 * `tls_certificate_not_after_seconds`: when the certificate in a file ends. The server itself speaks plain HTTP behind an
 * ingress; it tells on the certificate before it, because nobody notices one that is not renewed until its last day.
 * Read at every scrape, as a renewal replaces the file. A file that is away or no certificate gives no series.
 */
export function watchCertificate(registry: Registry, file: string): void {
  new Gauge({
    name: 'tls_certificate_not_after_seconds',
    help: 'When the certificate that clients are shown ends, as Unix time',
    registers: [registry],
    async collect() {
      try {
        this.set(new X509Certificate(await readFile(file)).validToDate.getTime() / 1000);
      } catch {
        this.remove();
      }
    },
  });
}
