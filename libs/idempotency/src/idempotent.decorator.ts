import { SetMetadata } from '@nestjs/common';

const IDEMPOTENT = 'vault:idempotent';

/**
 * A route that takes `Idempotency-Key`. All it does must be in the caller's transaction: the answer is kept in it, so
 * that neither is ever there without the other.
 */
export const Idempotent = (): MethodDecorator => SetMetadata(IDEMPOTENT, true);

export function isIdempotent(handler: object): boolean {
  return Reflect.getMetadata(IDEMPOTENT, handler) === true;
}
