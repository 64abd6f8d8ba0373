import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentContext, type Log } from '#kernel';
import { asKnownError, InternalError, problemOf } from './problem.ts';

/** The one place that tells an error over HTTP. What is not one of ours is a bug: logged whole, shown as a bare 500. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const known = asKnownError(thrown);
    const error = known ?? new InternalError();
    const problem = problemOf(error, currentContext()?.requestId ?? request.id);
    // Under maintenance that is what was asked for.
    if (problem.status >= 500 && problem.code !== 'MAINTENANCE') {
      this.log.error({ error: problem.code, err: error.cause ?? thrown, requestId: request.id }, 'request failed');
    }
    // Bytes of a stream are out already: only cutting the connection tells the reader that it is not whole.
    if (reply.raw.headersSent) return void reply.raw.destroy();
    // They speak of the body that was to come: this one is neither packed nor a file.
    for (const name of ['content-encoding', 'content-disposition']) void reply.removeHeader(name);
    // Closing while the rest of a body still comes in would throw this answer away with it: Node reads it out instead.
    if (problem.status === 413) void reply.removeHeader('connection');
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (error.retryAfter !== undefined) void reply.header('retry-after', String(error.retryAfter));
    void reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
  }
}
