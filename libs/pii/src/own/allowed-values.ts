import { createHmac } from 'node:crypto';
import { secretKey } from '#kernel';
import { subjectOf } from '../subject.ts';
import type { AllowedRule } from './own-rules.ts';

const ANY_TYPE = '*';

/**
 * What is kept of a value that is allowed: HMAC-SHA256 over the type, or over none, and the one form of the value. How a
 * number is grouped or a name is capitalized makes no difference.
 */
export function allowedMac(key: Uint8Array, type: string | null, value: string): string {
  const form = (type && subjectOf(type, value)) ?? value.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase();
  return createHmac('sha256', secretKey(key))
    .update(`${type ?? ANY_TYPE}\0${form}`)
    .digest('hex');
}

/** Which findings are not to be reported, at this moment and in one dataset, or in none. */
export class AllowedValues {
  readonly #key: Uint8Array;
  readonly #macs: ReadonlyMap<string, string>;
  readonly #types: ReadonlyMap<string, string>;

  constructor(rules: readonly AllowedRule[], key: Uint8Array, datasetId: string | null, now: number) {
    const valid = rules.filter(
      (rule) =>
        (rule.expiresAt === null || rule.expiresAt > now) && (rule.datasetId === null || rule.datasetId === datasetId),
    );
    this.#key = key;
    this.#macs = new Map(valid.flatMap(({ id, mac }) => (mac === null ? [] : [[mac, id] as const])));
    this.#types = new Map(
      valid.flatMap(({ id, mac, type }) => (mac === null && type !== null ? [[type, id] as const] : [])),
    );
  }

  get isEmpty(): boolean {
    return this.#macs.size === 0 && this.#types.size === 0;
  }

  /** The entry that allows a value; null where none does. */
  entryFor(type: string, value: string): string | null {
    const ofType = this.#types.get(type);
    if (ofType !== undefined || this.#macs.size === 0) return ofType ?? null;
    const macs = this.#macs;
    return macs.get(allowedMac(this.#key, type, value)) ?? macs.get(allowedMac(this.#key, null, value)) ?? null;
  }
}
