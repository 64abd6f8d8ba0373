import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Idempotency } from '#idempotency';
import type { Principal } from '#kernel';
import { isIdempotent } from '#rest';

/** An answer whose status is not the usual one of its route. */
interface Unusual {
  $status: number;
  answer: unknown;
}

/**
 * Stands around everything that makes the answer, so that what is kept is what goes out. The one that gives the answer its
 * form is called from here: one more of its own would cost every request a dozen promises.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly idempotency: Idempotency;
  private readonly form: NestInterceptor;

  constructor(idempotency: Idempotency, form: NestInterceptor) {
    this.idempotency = idempotency;
    this.form = form;
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { principal?: Principal }>();
    const key = request.headers['idempotency-key'];
    const { principal, method, url, body } = request;
    if (typeof key !== 'string' || !principal || !isIdempotent(context.getHandler()))
      return this.form.intercept(context, next);
    const reply = http.getResponse<FastifyReply>();
    const usual = reply.statusCode;
    const work = async (): Promise<unknown> => {
      // Not before: the handler belongs to whatever transaction is running when it is asked for.
      const answer: unknown = await lastValueFrom(await this.form.intercept(context, next));
      return reply.statusCode === usual ? answer : ({ $status: reply.statusCode, answer } satisfies Unusual);
    };
    return from(this.answer(principal, { key, method, url, body }, work, reply));
  }

  private async answer(
    caller: Principal,
    asked: Parameters<Idempotency['once']>[1],
    work: () => Promise<unknown>,
    reply: FastifyReply,
  ): Promise<unknown> {
    const { answer, replayed } = await this.idempotency.once(caller, asked, work);
    if (replayed) void reply.header('idempotency-replayed', 'true');
    if (!isUnusual(answer)) return answer;
    void reply.status(answer.$status);
    return answer.answer;
  }
}

function isUnusual(kept: unknown): kept is Unusual {
  return typeof kept === 'object' && kept !== null && '$status' in kept;
}
