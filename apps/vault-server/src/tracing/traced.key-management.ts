import { KeyManagement, type WrappedKey } from '#crypto';
import type { Tracer } from '#tracing';

type Context = Parameters<KeyManagement['wrap']>[1];

/** Other root keys, each use of which is a span: with a key service in the cloud it is a request, and the slowest of all. */
export class TracedKeyManagement extends KeyManagement {
  private readonly kms: KeyManagement;
  private readonly tracer: Tracer;

  constructor(kms: KeyManagement, tracer: Tracer) {
    super();
    this.kms = kms;
    this.tracer = tracer;
  }

  override currentKeyId(): string {
    return this.kms.currentKeyId();
  }

  override keyIds(): readonly string[] {
    return this.kms.keyIds();
  }

  override wrap(key: Uint8Array, context: Context): Promise<WrappedKey> {
    const attributes = { 'kms.key_id': this.kms.currentKeyId() };
    return this.tracer.span('kms wrap', { kind: 'client', attributes }, () => this.kms.wrap(key, context));
  }

  override unwrap(wrapped: WrappedKey, context: Context): Promise<Uint8Array> {
    const attributes = { 'kms.key_id': wrapped.keyId };
    return this.tracer.span('kms unwrap', { kind: 'client', attributes }, () => this.kms.unwrap(wrapped, context));
  }

  override ping(): Promise<void> {
    return this.kms.ping();
  }
}
