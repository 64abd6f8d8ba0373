import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

type Headers = Record<string, string | string[] | undefined>;

function header(name: string): ParameterDecorator {
  const read = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
    const value = context.switchToHttp().getRequest<{ headers: Headers }>().headers[name];
    return typeof value === 'string' ? value : undefined;
  });
  return read();
}

/** What a client calls itself, at any length. Not in the API's document. */
export const UserAgent = (): ParameterDecorator => header('user-agent');

/** The value of `If-Match` (RFC 9110, 13.1.1) or undefined; the API's document says that the route takes it. */
export const IfMatch = (): ParameterDecorator => (target, key, index) => {
  header('if-match')(target, key, index);
  if (key === undefined) return;
  const documented = ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag that was seen last: refused with 412 when there is a newer one',
    schema: { type: 'string' },
  });
  documented(target, key, Object.getOwnPropertyDescriptor(target, key)!);
};
