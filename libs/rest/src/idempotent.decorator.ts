import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

const IDEMPOTENT = 'vault:idempotent';

/**
 * A route that takes `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). All it does must be in the caller's
 * transaction: the answer is kept in it, so that neither is ever there without the other.
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(IDEMPOTENT, true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Of your making, 1 to 255 characters: the same request with the same key is done once within a day',
      schema: { type: 'string', maxLength: 255 },
    }),
  );

export function isIdempotent(handler: object): boolean {
  return Reflect.getMetadata(IDEMPOTENT, handler) === true;
}
