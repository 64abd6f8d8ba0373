import { createHmac, timingSafeEqual } from 'node:crypto';
import { type KeyService, openBytes, sealBytes } from '#crypto';
import type { Database } from '#database';
import type { Principal } from '#kernel';
import { IdempotencyKeyMalformed, IdempotencyKeyReused } from './idempotency.errors.ts';
import { IdempotencyRepository } from './idempotency.repository.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

export interface AskedOnce {
  /** As it was sent. */
  key: string;
  method: string;
  /** With its query. */
  url: string;
  body: unknown;
}

/**
 * Does what is asked once for each key of a caller (draft-ietf-httpapi-idempotency-key-header): the work, and the answer
 * that is kept of it for a day, are one transaction. The same request at the same time waits, and gets the same answer.
 */
export class Idempotency {
  private readonly rows: IdempotencyRepository;

  constructor(
    private readonly database: Database,
    private readonly keys: KeyService,
  ) {
    this.rows = new IdempotencyRepository(database);
  }

  /**
   * What `work` answers, or what it answered before; `replayed` tells which. An error keeps nothing: it may be tried again.
   *
   * @throws IdempotencyKeyMalformed
   * @throws IdempotencyKeyReused when the key came with another request
   */
  async once(
    caller: Principal,
    asked: AskedOnce,
    work: () => Promise<unknown>,
  ): Promise<{ answer: unknown; replayed: boolean }> {
    if (!KEY.test(asked.key)) throw new IdempotencyKeyMalformed();
    // Before the transaction: a tenant's first use of a key may have to make it, which is a transaction of its own.
    const secret = await this.keys.tenantSecret(caller.tenantId, 'idempotency');
    const name = { tenantId: caller.tenantId, actorId: caller.id, keyMac: macOf(secret, 'key', asked.key) };
    const requestMac = macOf(secret, 'request', JSON.stringify([asked.method, asked.url, asked.body ?? null]));
    const context = { use: 'idempotency', actor: caller.id, key: name.keyMac.toString('hex') };
    return this.database.inTenant(caller.tenantId, async () => {
      await this.rows.lock(name);
      const kept = await this.rows.find(name);
      if (kept) {
        if (!timingSafeEqual(kept.requestMac, requestMac)) throw new IdempotencyKeyReused();
        const opened = openBytes(secret, kept.answer, context);
        if (!opened) throw new Error('a kept answer does not open');
        return { answer: JSON.parse(opened.toString('utf8')) as unknown, replayed: true };
      }
      const answer = (await work()) ?? null;
      const sealed = sealBytes(secret, Buffer.from(JSON.stringify(answer)), context);
      await this.rows.keep({ ...name, requestMac, answer: sealed });
      return { answer, replayed: false };
    });
  }
}

function macOf(secret: Uint8Array, what: string, text: string): Buffer {
  return createHmac('sha256', secret).update(`${what}\0`).update(text).digest();
}
